// Invariant: a fault on our side that looks like a denial of every customer's key is not put down to the customers: their
// leases run to their end. A customer who revokes is believed as ever, and nothing of this outlasts a lease.
import { beforeEach, describe, expect, it } from "vitest";
import { blameOurselves, createKeyring, type KeyService, probeContext } from "../src/index.js";
import { createMemoryPorts, type MemoryKey, type MemoryPorts } from "../testing/index.js";
import { enterpriseAccount, leasesOf } from "./support/accounts.js";

interface Customer {
  readonly accountId: string;
  readonly key: MemoryKey;
  readonly canary: Uint8Array;
}

let ports: MemoryPorts;
let keyService: KeyService;
let changes: boolean[];
let customers: Customer[];
beforeEach(async () => {
  ports = createMemoryPorts();
  changes = [];
  keyService = blameOurselves(ports.keyService, { clock: ports.clock, onChange: (ours) => changes.push(ours) });
  customers = [];
  for (let n = 0; n < 8; n++) customers.push(await customer(String(111_100_000_000 + n)));
});

async function customer(awsAccountId: string): Promise<Customer> {
  const accountId = ports.ids.next("acc");
  const key = ports.kms.addKey({ awsAccountId, boundTo: accountId });
  const made = await keyService.generateDataKey(key.arn, probeContext(accountId));
  if (!made.ok) throw new Error(made.error.code);
  return { accountId, key, canary: made.value.ciphertext };
}
const at = (n: number): Customer => {
  const found = customers[n];
  if (!found) throw new Error("no such customer");
  return found;
};
const use = async ({ accountId, key, canary }: Customer) => {
  const opened = await keyService.decrypt(key.arn, canary, probeContext(accountId));
  return opened.ok ? "works" : opened.error.code;
};
const deny = (...which: number[]) => {
  for (const n of which) at(n).key.denied = true;
};
const allow = (...which: number[]) => {
  for (const n of which) at(n).key.denied = false;
};
const useAll = async (...which: number[]) => {
  const answers: string[] = [];
  for (const n of which) answers.push(await use(at(n)));
  return answers;
};
const DENIED = "KEY_ACCESS_DENIED";
const OURS = "VENDOR_AWS_FAULT";

describe("denials", () => {
  it("of five customers at once are ours from the fifth on, for all of them", async () => {
    deny(0, 1, 2, 3, 4, 5);
    expect(await useAll(0, 1, 2, 3, 4, 5)).toEqual([DENIED, DENIED, DENIED, DENIED, OURS, OURS]);
    expect(await useAll(0, 1, 2, 3)).toEqual([OURS, OURS, OURS, OURS]);
    expect(await use(at(7))).toBe("works");
    expect(changes).toEqual([true]);
  });

  it("keep key, AWS's name and request, and name no cause at the customer's", async () => {
    deny(0, 1, 2, 3, 4);
    await useAll(0, 1, 2, 3);
    const { accountId, key, canary } = at(4);
    expect(await keyService.decrypt(key.arn, canary, probeContext(accountId))).toEqual({
      ok: false,
      error: {
        code: OURS,
        failureClass: "ours",
        message: expect.stringContaining("on our side"),
        possibleCauses: [],
        keyArn: key.arn,
        awsErrorName: "AccessDeniedException",
        awsRequestId: expect.any(String),
      },
    });
  });

  it("of four are the customers' own, however often they are repeated", async () => {
    deny(0, 1, 2, 3);
    for (let n = 0; n < 10; n++) expect(await useAll(0, 1, 2, 3)).toEqual([DENIED, DENIED, DENIED, DENIED]);
    expect(changes).toEqual([]);
  });

  it("of many keys in one AWS account are that customer's own", async () => {
    const many: Customer[] = [];
    for (let n = 0; n < 10; n++) many.push(await customer("222200000000"));
    for (const one of many) one.key.denied = true;
    for (const one of many) expect(await use(one)).toBe(DENIED);
  });

  it("that begin one after the other, further apart than 30 s, are the customers' own", async () => {
    for (let n = 0; n < 8; n++) {
      deny(n);
      expect(await use(at(n))).toBe(DENIED);
      await ports.clock.advance(8_000);
    }
    expect(changes).toEqual([]);
  });

  it("of keys that had not worked lately prove nothing", async () => {
    await ports.clock.advance(10 * 60_000 + 1);
    deny(0, 1, 2, 3, 4, 5, 6, 7);
    expect(new Set(await useAll(0, 1, 2, 3, 4, 5, 6, 7))).toEqual(new Set([DENIED]));
  });

  it("under another account's context, which a good policy denies, prove nothing", async () => {
    for (const { key } of customers) {
      expect(await keyService.generateDataKey(key.arn, probeContext("acc_nobody"))).toMatchObject({ error: { code: DENIED } });
      expect(await keyService.generateDataKey(key.arn, {})).toMatchObject({ error: { code: DENIED } });
    }
    expect(changes).toEqual([]);
  });

  it("of another kind prove nothing", async () => {
    for (const { key } of customers) key.state = "Disabled";
    expect(new Set(await useAll(0, 1, 2, 3, 4, 5, 6, 7))).toEqual(new Set(["KEY_DISABLED"]));
  });

  it("stay ours for as long as five are denied, hours included, and are the customer's own again afterwards", async () => {
    deny(0, 1, 2, 3, 4);
    await useAll(0, 1, 2, 3, 4);
    for (let minute = 0; minute < 120; minute++) {
      await ports.clock.advance(60_000);
      expect(await useAll(0, 1, 2, 3, 4)).toEqual([OURS, OURS, OURS, OURS, OURS]);
    }
    allow(0);
    expect(await use(at(0))).toBe("works");
    expect(changes).toEqual([true, false]);
    expect(await useAll(1, 2, 3, 4)).toEqual([DENIED, DENIED, DENIED, DENIED]);
    expect(changes).toEqual([true, false]);
  });

  it("of a move from key to key are ours with the others", async () => {
    const { accountId, key, canary } = at(0);
    const context = probeContext(accountId);
    const request = {
      fromKeyArn: key.arn,
      toKeyArn: at(7).key.arn,
      ciphertext: canary,
      fromContext: context,
      toContext: context,
    };
    expect(await keyService.reEncrypt(request)).toMatchObject({ error: { code: DENIED, keyArn: at(7).key.arn } });
    deny(0, 1, 2, 3, 4);
    await useAll(0, 1, 2, 3, 4);
    expect(await keyService.reEncrypt(request)).toMatchObject({ error: { code: OURS, keyArn: key.arn, failureClass: "ours" } });
  });

  it("that began before ours did stay that customer's own, and one without a history is put down to us", async () => {
    deny(0);
    expect(await use(at(0))).toBe(DENIED);
    await ports.clock.advance(60_000);
    for (const n of [1, 2, 3, 4, 5, 6]) await use(at(n));
    deny(1, 2, 3, 4, 5);
    await useAll(1, 2, 3, 4, 5);
    expect(await useAll(0, 1)).toEqual([DENIED, OURS]);
    const stranger = ports.kms.addKey({ awsAccountId: "333300000000" });
    stranger.denied = true;
    expect(await keyService.generateDataKey(stranger.arn, probeContext("acc_new"))).toMatchObject({ error: { code: OURS } });
  });

  it("are over when nobody has been denied for ten minutes", async () => {
    deny(0, 1, 2, 3, 4);
    await useAll(0, 1, 2, 3, 4);
    await ports.clock.advance(10 * 60_000 + 1);
    expect(await use(at(0))).toBe(DENIED);
    expect(changes).toEqual([true, false]);
  });
});

describe("a lease", () => {
  it("runs to its end under a fault of ours, and no longer", async () => {
    const over = { ...ports, keyService };
    const key = ports.kms.addKey({ awsAccountId: "444400000000" });
    const account = await enterpriseAccount(ports, key.arn);
    const leases = leasesOf(ports);
    const held = await createKeyring(over, leases).forSealing(account.id);
    if (!held.ok) throw new Error(held.error.code);
    const { gate } = held.value;
    key.denied = true;
    deny(0, 1, 2, 3, 4);
    await useAll(0, 1, 2, 3, 4);
    await ports.clock.advance(59_000);
    expect(gate.isOpen()).toBe(true);
    await ports.clock.advance(1_000);
    expect(gate.isOpen()).toBe(false);
    await expect(gate.waitUntilOpen()).rejects.toMatchObject({ reason: { code: OURS } });
    expect(await ports.store.read.health.current(account.id)).toMatchObject({ state: "DEGRADED" });
    leases.close();
  });
});
