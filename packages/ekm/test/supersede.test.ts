// Invariant: after enabling, no copy of a key that the vendor's key opens is left, however often the clean-up dies half way;
// and the vendor's key is never destroyed while anything still depends on it.
import { describe, expect, it } from "vitest";
import { createKeyring, createWorkerUseCases, JOB_LEASE_MS, type KeyRotation, type KeyWrap, type Ports } from "../src/index.js";
import { createMemoryPorts, type MemoryPorts } from "../testing/index.js";
import { change, cloudAccount, enabledUnder, enterpriseAccount, leasesOf, stored } from "./support/accounts.js";
import { claim, queueSupersede, tryClaim } from "./support/jobs.js";

/** An account with one generation that has just been enabled; the vendor-wrapped rows and records are still there. */
async function enabled(options: { rewrapped?: boolean } = {}) {
  const ports = createMemoryPorts();
  const account = await cloudAccount(ports);
  const leases = leasesOf(ports);
  const sealing = await createKeyring(ports, leases).forSealing(account.id);
  if (!sealing.ok) throw new Error("no key");
  const vendorArn = ports.kms.vendorOwned[0]?.arn ?? "";
  const key = ports.kms.addKey();
  const context = { "ekm:account": account.id, "ekm:purpose": "account-key", "ekm:generation": "1" };
  const ciphertext = sealing.value.key.use((bytes) => key.seal(bytes, context));
  leases.close();
  await ports.store.transaction(async (tx) => {
    if (options.rewrapped === false) return;
    const old = await stored(tx.keys.currentWrap(account.id, 1));
    const wrap: KeyWrap = { ...old, id: ports.ids.next("wrp"), keyArn: key.arn, ciphertext };
    await tx.keys.deleteWraps(account.id, vendorArn);
    await tx.keys.insertWrap(wrap);
    // What a crash of an earlier version might have left.
    await tx.keys.insertWrap({ ...old, id: ports.ids.next("wrp"), state: "PENDING" });
  });
  await change(ports, account.id, (row) => ({ ...row, ekm: enabledUnder(key.arn), keyEpoch: 1 }));
  await queueSupersede(ports, account);
  return { ports, account, key, vendorArn };
}

async function expectOnlyCustomerCopies({ ports, account, key, vendorArn }: Awaited<ReturnType<typeof enabled>>) {
  expect((await ports.store.read.keys.wraps(account.id)).map((wrap) => wrap.keyArn)).toEqual([key.arn]);
  const records = await ports.keyRecords.list(account.id);
  expect(records.map((record) => record.keyArn)).toEqual([key.arn]);
  expect(ports.kms.key(vendorArn).state).toBe("PendingDeletion");
  const { vendorKey } = await stored(ports.store.read.accounts.byId(account.id));
  expect(vendorKey).toMatchObject({ arn: vendorArn, deletionDate: ports.kms.key(vendorArn).deletionDate });
  expect(ports.store.scrubs).toBeGreaterThan(0);
  const entries = (await ports.store.read.audit.chain(account.id, 0, 100)).filter((event) => event.subject === vendorArn);
  expect(entries).toHaveLength(1);
  await ports.clock.advance(JOB_LEASE_MS + 1);
  expect(await tryClaim(ports, "SUPERSEDE")).toBeNull();
}

describe("superseding Cloud Key Management", () => {
  it("removes rows, records and traces, then schedules the vendor key's deletion and says so", async () => {
    const parts = await enabled();
    expect(await createWorkerUseCases(parts.ports).supersede(await claim(parts.ports, "SUPERSEDE"))).toBe(true);
    await expectOnlyCustomerCopies(parts);
  });

  it("comes to the same end after a crash at every single step", async () => {
    let crashes = 0;
    for (let step = 1; ; step++) {
      const parts = await enabled();
      const broken = dyingAt(parts.ports, step);
      const died = await createWorkerUseCases(broken.ports)
        .supersede(await claim(parts.ports, "SUPERSEDE"))
        .then(
          () => false,
          () => true,
        );
      if (!broken.reached()) break;
      expect(died, `step ${step}`).toBe(true);
      crashes++;
      await parts.ports.clock.advance(JOB_LEASE_MS + 1);
      const job = await tryClaim(parts.ports, "SUPERSEDE");
      // After the last commit there is no job left.
      if (job !== null) expect(await createWorkerUseCases(parts.ports).supersede(job), `after step ${step}`).toBe(true);
      await expectOnlyCustomerCopies(parts);
    }
    expect(crashes).toBeGreaterThanOrEqual(12);
  });

  it("never destroys the vendor's key while a generation depends on it", async () => {
    const { ports, account, vendorArn } = await enabled({ rewrapped: false });
    expect(await createWorkerUseCases(ports).supersede(await claim(ports, "SUPERSEDE"))).toBe(false);
    expect(ports.kms.key(vendorArn).state).toBe("Enabled");
    expect(await ports.store.read.keys.wraps(account.id)).toHaveLength(1);
    expect(await ports.keyRecords.list(account.id)).toHaveLength(1);
  });

  it("never takes a vendor's record away before the customer's lies there", async () => {
    const { ports, account, key } = await enabled();
    const order: string[] = [];
    const keyRecords: Ports["keyRecords"] = {
      ...ports.keyRecords,
      put: async (wrap, checkValue) => {
        await ports.keyRecords.put(wrap, checkValue);
        order.push(`put ${wrap.keyArn === key.arn ? "customer" : "vendor"}`);
      },
      removeByKey: async (accountId, keyArn) => {
        order.push("remove");
        await ports.keyRecords.removeByKey(accountId, keyArn);
      },
    };
    await createWorkerUseCases({ ...ports, keyRecords }).supersede(await claim(ports, "SUPERSEDE"));
    expect(order).toEqual(["put customer", "remove"]);
    expect(await ports.keyRecords.list(account.id)).toHaveLength(1);
  });

  it("takes away what an attempt with another customer's key left, but no record that is the last of its kind", async () => {
    const { ports, account, key } = await enabled();
    const wrap = await stored(ports.store.read.keys.currentWrap(account.id, 1));
    const abandoned = ports.kms.addKey().arn;
    const { checkValue } = await stored(ports.store.read.keys.generation(account.id, 1));
    await ports.keyRecords.put({ ...wrap, keyArn: abandoned }, checkValue);
    await ports.keyRecords.put({ ...wrap, generation: 9, keyArn: abandoned }, "unknown to this database");
    expect(await createWorkerUseCases(ports).supersede(await claim(ports, "SUPERSEDE"))).toBe(true);
    const left = (await ports.keyRecords.list(account.id)).map(({ generation, keyArn }) => [generation, keyArn]);
    expect(left.sort()).toEqual([
      [1, key.arn],
      [9, abandoned],
    ]);
  });

  it("leaves the records of a rotation that has begun meanwhile", async () => {
    const { ports, account, key } = await enabled();
    const wrap = await stored(ports.store.read.keys.currentWrap(account.id, 1));
    const to = ports.kms.addKey().arn;
    await ports.keyRecords.put({ ...wrap, keyArn: to }, "ab");
    const rotation: KeyRotation = {
      ...{ id: ports.ids.next("rot"), accountId: account.id, fromArn: key.arn, toArn: to, toMultiRegion: false },
      ...{ toWarnings: [], status: "RUNNING", rewrapped: 0, total: 1, startedAt: ports.clock.now(), startedBy: "ada" },
      acceptsLoss: false,
    };
    await ports.store.transaction((tx) => tx.rotations.insert(rotation));
    await change(ports, account.id, (row) => {
      if (row.ekm.status !== "ENABLED") throw new Error("not enabled");
      return { ...row, ekm: { ...row.ekm, status: "ROTATING", rotationId: rotation.id } };
    });
    await createWorkerUseCases(ports).supersede(await claim(ports, "SUPERSEDE"));
    expect((await ports.keyRecords.list(account.id)).map(({ keyArn }) => keyArn).sort()).toEqual([key.arn, to].sort());
  });

  it("comes back later, ever less often, while AWS or the store does not let it", async () => {
    const parts = await enabled();
    const { ports } = parts;
    const { supersede } = createWorkerUseCases(ports);
    ports.kms.failNext("scheduleDeletion", "VENDOR_AWS_FAULT");
    expect(await supersede(await claim(ports, "SUPERSEDE"))).toBe(false);
    expect(await tryClaim(ports, "SUPERSEDE")).toBeNull();
    await ports.clock.advance(10_000);
    ports.keyRecords.failNext(Object.assign(new Error("away"), { name: "StorageError" }));
    expect(await supersede(await claim(ports, "SUPERSEDE"))).toBe(false);
    await ports.clock.advance(10_000);
    expect(await tryClaim(ports, "SUPERSEDE")).toBeNull();
    await ports.clock.advance(10_000);
    expect(await supersede(await claim(ports, "SUPERSEDE"))).toBe(true);
    await expectOnlyCustomerCopies(parts);
  });

  it("writes nothing once another worker holds the job", async () => {
    const parts = await enabled();
    const { ports, vendorArn, account } = parts;
    const { supersede } = createWorkerUseCases(ports);
    const stale = await claim(ports, "SUPERSEDE", "first");
    await ports.clock.advance(JOB_LEASE_MS + 1);
    const job = await claim(ports, "SUPERSEDE", "second");
    const before = await stored(ports.store.read.accounts.byId(account.id));
    expect(await supersede(stale)).toBe(false);
    expect(await stored(ports.store.read.accounts.byId(account.id))).toEqual(before);
    expect(ports.kms.key(vendorArn).state).toBe("Enabled");
    expect(await supersede(job)).toBe(true);
    await expectOnlyCustomerCopies(parts);
  });

  it("has nothing to do for an account that never had a vendor key, or is not enabled", async () => {
    const ports = createMemoryPorts();
    const { supersede } = createWorkerUseCases(ports);
    const born = await enterpriseAccount(ports, ports.kms.addKey().arn);
    await queueSupersede(ports, born);
    expect(await supersede(await claim(ports, "SUPERSEDE"))).toBe(true);
    await queueSupersede(ports, await cloudAccount(ports));
    expect(await supersede(await claim(ports, "SUPERSEDE"))).toBe(true);
    await ports.clock.advance(JOB_LEASE_MS + 1);
    expect(await tryClaim(ports, "SUPERSEDE")).toBeNull();
    expect(ports.kms.calls).toEqual([]);
  });
});

class Crash extends Error {}

/** Ports that die at the n-th step: before it has an effect (odd), or right after it had one (even). */
function dyingAt(ports: MemoryPorts, step: number): { ports: Ports & Pick<MemoryPorts, "signer">; reached: () => boolean } {
  let taken = 0;
  let reached = false;
  const guarded =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      die(++taken);
      const result = await work(...args);
      die(++taken);
      return result;
    };
  const die = (at: number): void => {
    if (reached || at === step) {
      reached = true;
      throw new Crash();
    }
  };
  const { store, keyRecords, vendorKeys } = ports;
  return {
    reached: () => reached,
    ports: {
      ...ports,
      store: {
        read: store.read,
        transaction: guarded(store.transaction.bind(store)) as typeof store.transaction,
        scrub: guarded(() => store.scrub()),
        close: () => store.close(),
      },
      keyRecords: {
        put: guarded(keyRecords.put),
        removeByKey: guarded(keyRecords.removeByKey),
        remove: guarded(keyRecords.remove),
        list: guarded(keyRecords.list),
      },
      vendorKeys: { ...vendorKeys, scheduleDeletion: guarded(vendorKeys.scheduleDeletion) },
    },
  };
}
