// Invariant: an account has one open generation however many processes begin one at once; what is sealed under it can be
// opened again, from the database and from the key records; and a key that may not be used is not used.
import type { AccountKey } from "@ekm/crypto-core";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Account,
  createKeyring,
  GENERATION_MAX_AGE_MS,
  type Keyring,
  MAX_WRAPS_PER_GENERATION,
  StoreError,
  WRAP_BLOCK,
} from "../src/index.js";
import { openWrap } from "../src/keys/open-wrap.js";
import {
  createMemoryPorts,
  KEY_SERVICE_CODES,
  type KeyServiceCode,
  keyServiceFailure,
  type MemoryPorts,
} from "../testing/index.js";
import { change, cloudAccount, enabledUnder, enterpriseAccount, leasesOf, lock, stored, unlock } from "./support/accounts.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** One process: a keyring with leases of its own over the shared ports. */
function processOver(ports: MemoryPorts): Keyring {
  const leases = leasesOf(ports);
  closers.push(() => leases.close());
  return createKeyring(ports, leases);
}
const must = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(`unexpected failure ${JSON.stringify(outcome.error)}`);
  return outcome.value;
};
const bytesOf = (key: AccountKey): string => key.use((bytes) => Buffer.from(bytes).toString("hex"));
const generations = (ports: MemoryPorts, { id }: Account) => ports.store.read.keys.generations(id);

describe("the first generation", () => {
  it("makes the account's vendor key at first need, once, and tells AWS which account it is for", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyring = processOver(ports);
    const sealing = must(await keyring.forSealing(account.id));
    expect(sealing.generation).toBe(1);
    expect(ports.kms.calls[0]).toMatchObject({ operation: "createKey", keyArn: account.id });
    must(await keyring.forSealing(account.id));
    expect(ports.kms.countOf("createKey")).toBe(1);
    const { vendorKey } = await stored(ports.store.read.accounts.byId(account.id));
    expect(vendorKey?.arn).toBe(ports.kms.vendorOwned[0]?.arn);
  });

  it("is wrapped under the customer's key once EKM is enabled", async () => {
    const ports = createMemoryPorts();
    const { arn } = ports.kms.addKey();
    const account = await enterpriseAccount(ports, arn);
    must(await processOver(ports).forSealing(account.id));
    expect((await ports.store.read.keys.wraps(account.id)).map((wrap) => [wrap.keyArn, wrap.state])).toEqual([[arn, "CURRENT"]]);
    expect(ports.kms.countOf("createKey")).toBe(0);
  });

  it("binds account, purpose and generation into every call", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    must(await processOver(ports).forSealing(account.id));
    const context = { "ekm:account": account.id, "ekm:purpose": "account-key", "ekm:generation": "1" };
    for (const call of ports.kms.calls.slice(1)) expect(call.context).toEqual(context);
  });

  it("lies beside the backups before anything can be sealed under it", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const sealing = must(await processOver(ports).forSealing(account.id));
    const [record] = await ports.keyRecords.list(account.id);
    if (record === undefined) throw new Error("no key record");
    const opened = must(await openWrap(ports.keyService, record, record.checkValue));
    expect(bytesOf(opened)).toBe(bytesOf(sealing.key));
  });

  it("cannot be used while its record cannot be written, and gets it at the next try", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyring = processOver(ports);
    ports.keyRecords.failNext(Object.assign(new Error("no room"), { name: "StorageError" }));
    await expect(keyring.forSealing(account.id)).rejects.toThrow("no room");
    must(await keyring.forSealing(account.id));
    expect(await ports.keyRecords.list(account.id)).toHaveLength(1);
    expect(await generations(ports, account)).toHaveLength(1);
  });

  it("is not begun by a KMS that wraps other bytes than it was given", async () => {
    const ports = createMemoryPorts();
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    key.answers = "wrong-bytes";
    expect(await processOver(ports).forSealing(account.id)).toMatchObject({ ok: false, error: { code: "KMS_ANSWER_INVALID" } });
    expect(await generations(ports, account)).toEqual([]);
  });
});

describe("several processes at once", () => {
  it.each([2, 8])("%i of them begin one generation", async (count) => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyrings = Array.from({ length: count }, () => processOver(ports));
    const sealing = (await Promise.all(keyrings.map((keyring) => keyring.forSealing(account.id)))).map(must);
    expect(new Set(sealing.map((one) => one.generation))).toEqual(new Set([1]));
    expect(new Set(sealing.map((one) => bytesOf(one.key))).size).toBe(1);
    expect(await generations(ports, account)).toHaveLength(1);
    const [record] = await ports.keyRecords.list(account.id);
    const wrap = await stored(ports.store.read.keys.currentWrap(account.id, 1));
    expect(Buffer.from(record?.ciphertext ?? []).equals(wrap.ciphertext)).toBe(true);
    const { vendorKey } = await stored(ports.store.read.accounts.byId(account.id));
    expect(wrap.keyArn).toBe(vendorKey?.arn);
  });

  it("a vendor key that comes late, after another one protects the account, is an orphan and changes nothing", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    let arriveLate = (): void => {};
    let waiting = true;
    ports.kms.hooks.after = (call) => {
      if (call.operation !== "createKey" || !waiting) return;
      waiting = false;
      return new Promise((resolve) => {
        arriveLate = resolve;
      });
    };
    const late = processOver(ports).forSealing(account.id);
    await ports.clock.advance(0);
    must(await processOver(ports).forSealing(account.id));
    const before = await stored(ports.store.read.accounts.byId(account.id));
    arriveLate();
    must(await late);
    expect(await stored(ports.store.read.accounts.byId(account.id))).toEqual(before);
    expect(ports.kms.vendorOwned).toHaveLength(2);
    expect(await generations(ports, account)).toHaveLength(1);
  });

  it("many jobs of one process share one vendor key, one block and one lease", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyring = processOver(ports);
    await Promise.all(Array.from({ length: 200 }, async () => must(await keyring.forSealing(account.id))));
    expect(ports.kms.countOf("createKey")).toBe(1);
    expect(ports.kms.calls.length).toBeLessThanOrEqual(5);
    expect((await generations(ports, account))[0]?.reservedWraps).toBe(WRAP_BLOCK);
  });

  it("a generation that is being made under the vendor's key is dropped when the account is enabled meanwhile", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const { arn } = ports.kms.addKey();
    ports.kms.hooks.after = async (call) => {
      if (call.operation !== "encrypt" || call.keyArn === arn) return;
      await change(ports, account.id, (row) => ({ ...row, ekm: enabledUnder(arn), keyEpoch: row.keyEpoch + 1 }));
    };
    must(await processOver(ports).forSealing(account.id));
    expect((await ports.store.read.keys.wraps(account.id)).map((wrap) => wrap.keyArn)).toEqual([arn]);
    expect((await ports.keyRecords.list(account.id)).map((record) => record.keyArn)).toEqual([arn]);
  });

  it("a record of a wrap that was replaced while it was written is taken away again", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const { arn } = ports.kms.addKey();
    const put = ports.keyRecords.put.bind(ports.keyRecords);
    let first = true;
    const keyRecords: MemoryPorts["keyRecords"] = {
      ...ports.keyRecords,
      async put(wrap, checkValue) {
        await put(wrap, checkValue);
        if (!first) return;
        first = false;
        await ports.store.transaction(async (tx) => {
          await tx.keys.deleteWraps(account.id, wrap.keyArn);
          await tx.keys.insertWrap({ ...wrap, id: ports.ids.next("wrp"), keyArn: arn });
        });
      },
    };
    await processOver({ ...ports, keyRecords }).forSealing(account.id);
    expect((await ports.keyRecords.list(account.id)).map((record) => record.keyArn)).toEqual([arn]);
  });
});

describe("the end of a generation", () => {
  it("comes after 90 days; its backups stay readable", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyring = processOver(ports);
    const sealing = must(await keyring.forSealing(account.id));
    const first = bytesOf(sealing.key);
    sealing.release();
    await ports.clock.advance(GENERATION_MAX_AGE_MS - 1);
    const last = must(await keyring.forSealing(account.id));
    expect(last.generation).toBe(1);
    last.release();
    await ports.clock.advance(1);
    expect(must(await keyring.forSealing(account.id)).generation).toBe(2);
    const rows = await generations(ports, account);
    expect(rows.map((row) => row.closedAt !== undefined)).toEqual([true, false]);
    expect(bytesOf(must(await keyring.forReading(account.id, 1)).key)).toBe(first);
  });

  it("comes when its wraps are used up: no process takes one beyond 2^30", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const other = processOver(ports);
    must(await processOver(ports).forSealing(account.id));
    const left = MAX_WRAPS_PER_GENERATION - WRAP_BLOCK;
    await ports.store.transaction((tx) => tx.keys.reserveWraps(account.id, 1, left));
    const sealing = must(await other.forSealing(account.id));
    expect(sealing.generation).toBe(2);
    expect((await generations(ports, account))[0]?.reservedWraps).toBe(MAX_WRAPS_PER_GENERATION);
  });

  it("leaves a job that has no wrap left to know it", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const keyring = processOver(ports);
    const sealing = must(await keyring.forSealing(account.id));
    expect(await sealing.takeWrap()).toBe(true);
    await ports.store.transaction((tx) => tx.keys.closeGeneration(account.id, 1, ports.clock.now()));
    expect(await processOver(ports).forSealing(account.id)).toMatchObject({ ok: true, value: { generation: 2 } });
    expect(must(await keyring.forSealing(account.id)).generation).toBe(2);
  });
});

describe("what refuses and what does not", () => {
  const transient: readonly KeyServiceCode[] = [
    "KEY_UNAVAILABLE",
    "EXTERNAL_KEY_STORE_UNREACHABLE",
    "KMS_THROTTLED",
    "KMS_UNREACHABLE",
    "KMS_INTERNAL",
    "VENDOR_AWS_FAULT",
    "INTERNAL",
  ];

  it.each(KEY_SERVICE_CODES)("%s ends a running lease at once, or lets it run to its end", async (code) => {
    const ports = createMemoryPorts();
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    const held = must(await processOver(ports).forSealing(account.id));
    key.failWith = code;
    // Past the renewal at half the lease and its confirmation, well before the lease's end.
    await ports.clock.advance(35_000);
    expect(held.gate.isOpen()).toBe(transient.includes(code));
    await ports.clock.advance(30_000);
    expect(held.gate.isOpen()).toBe(false);
    await expect(held.gate.waitUntilOpen()).rejects.toMatchObject({ reason: { code, keyArn: key.arn } });
  });

  it("keeps the failure's class to itself", async () => {
    const ports = createMemoryPorts();
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    must(await processOver(ports).forSealing(account.id)).release();
    key.state = "Disabled";
    const refused = await processOver(ports).forReading(account.id, 1);
    const { failureClass: _, ...problem } = keyServiceFailure("KEY_DISABLED", key.arn);
    expect(refused).toEqual({ ok: false, error: { ...problem, awsRequestId: expect.any(String) } });
  });

  it("works again by itself, with the same key, once a revoked key is usable", async () => {
    const ports = createMemoryPorts();
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    const keyring = processOver(ports);
    const before = bytesOf(must(await keyring.forSealing(account.id)).key);
    key.denied = true;
    await ports.clock.advance(61_000);
    for (const outcome of [await keyring.forSealing(account.id), await keyring.forReading(account.id, 1)]) {
      expect(outcome).toMatchObject({ ok: false, error: { code: "KEY_ACCESS_DENIED" } });
    }
    expect(await ports.store.read.health.current(account.id)).toMatchObject({ state: "UNUSABLE" });
    key.denied = false;
    expect(bytesOf(must(await keyring.forReading(account.id, 1)).key)).toBe(before);
    expect(must(await keyring.forSealing(account.id)).generation).toBe(1);
    expect(await ports.store.read.health.current(account.id)).toMatchObject({ state: "HEALTHY" });
  });

  it("never uses bytes that miss the check value", async () => {
    const ports = createMemoryPorts();
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    must(await processOver(ports).forSealing(account.id));
    key.answers = "wrong-bytes";
    expect(await processOver(ports).forReading(account.id, 1)).toMatchObject({
      ok: false,
      error: { code: "KMS_ANSWER_INVALID", keyArn: key.arn },
    });
  });

  it("calls no key of a locked account, and ends what runs on it", async () => {
    const ports = createMemoryPorts();
    const { arn } = ports.kms.addKey();
    const account = await enterpriseAccount(ports, arn);
    const keyring = processOver(ports);
    const held = must(await keyring.forSealing(account.id));
    await lock(ports, account.id);
    ports.kms.calls.length = 0;
    for (const outcome of [await keyring.forSealing(account.id), await keyring.forReading(account.id, 1)]) {
      expect(outcome).toMatchObject({ ok: false, error: { code: "KEYS_LOCKED" } });
    }
    await ports.clock.advance(35_000);
    expect(held.gate.isOpen()).toBe(false);
    await expect(held.gate.waitUntilOpen()).rejects.toMatchObject({ reason: { code: "KEYS_LOCKED" } });
    expect(ports.kms.calls).toEqual([]);
    await unlock(ports, account.id);
    must(await keyring.forReading(account.id, 1));
  });

  it("reads the current wrap anew at each renewal: a switch to another key is followed without a pause", async () => {
    const ports = createMemoryPorts();
    const [from, to] = [ports.kms.addKey(), ports.kms.addKey()];
    const account = await enterpriseAccount(ports, from.arn);
    const held = must(await processOver(ports).forSealing(account.id));
    const context = { "ekm:account": account.id, "ekm:purpose": "account-key", "ekm:generation": "1" };
    const ciphertext = held.key.use((bytes) => to.seal(bytes, context));
    await ports.store.transaction(async (tx) => {
      const wrap = await stored(tx.keys.currentWrap(account.id, 1));
      await tx.keys.deleteWraps(account.id, from.arn);
      await tx.keys.insertWrap({ ...wrap, id: ports.ids.next("wrp"), keyArn: to.arn, ciphertext });
    });
    await change(ports, account.id, (row) => ({ ...row, ekm: enabledUnder(to.arn) }));
    from.denied = true;
    await ports.clock.advance(120_000);
    expect(held.gate.isOpen()).toBe(true);
  });

  it("answers what is unknown as values", async () => {
    const ports = createMemoryPorts();
    const keyring = processOver(ports);
    const account = await cloudAccount(ports);
    expect(await keyring.forSealing("acc_unknown")).toMatchObject({ error: { code: "ACCOUNT_NOT_FOUND" } });
    expect(await keyring.forReading("acc_unknown", 1)).toMatchObject({ error: { code: "ACCOUNT_NOT_FOUND" } });
    expect(await keyring.forReading(account.id, 7)).toMatchObject({ error: { code: "ACCOUNT_KEY_UNREADABLE" } });
    ports.kms.failNext("createKey", "KEY_ACCESS_DENIED");
    expect(await keyring.forSealing(account.id)).toMatchObject({ error: { code: "VENDOR_AWS_FAULT" } });
  });

  it("lets a lease run to its end while the database is gone", async () => {
    const ports = createMemoryPorts();
    const account = await cloudAccount(ports);
    const held = must(await processOver(ports).forSealing(account.id));
    const { byId } = ports.store.read.accounts;
    ports.store.read.accounts.byId = () => Promise.reject(new StoreError("gone"));
    await ports.clock.advance(40_000);
    expect(held.gate.isOpen()).toBe(true);
    ports.store.read.accounts.byId = byId;
    await ports.clock.advance(40_000);
    expect(held.gate.isOpen()).toBe(true);
  });
});
