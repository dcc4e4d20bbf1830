// Invariant: enabling gives the customer's key only what has been proved to open there to the very same key, however ReEncrypt
// is refused or lies; and what cannot be opened keeps the account as it was, with every generation at fault named.
import { describe, expect, it } from "vitest";
import type { Account } from "../src/accounts/account.js";
import { createUseCases, type KeyService } from "../src/index.js";
import { createScenario, type MemoryKey, type Scenario } from "../testing/index.js";
import { expectEnabled } from "./protection.js";

interface World {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly vendor: MemoryKey;
  readonly key: MemoryKey;
}

/** An activated account with generations under the vendor's key, each with its record. */
async function prepare(generations = 3): Promise<World> {
  const scenario = createScenario();
  const { store, keyRecords, kms } = scenario.ports;
  const account = await scenario.createActivated();
  for (let n = 0; n < generations; n += 1) await scenario.addGeneration(account);
  for (const { generation, checkValue } of await store.read.keys.generations(account.id)) {
    const wrap = await store.read.keys.currentWrap(account.id, generation);
    if (wrap) await keyRecords.put(wrap, checkValue);
  }
  const [vendor] = kms.vendorOwned;
  if (!vendor) throw new Error("no vendor key");
  return { scenario, account, vendor, key: scenario.keyFor(account) };
}

type ReEncrypt = Parameters<KeyService["reEncrypt"]>[0];

/** Enables through a KMS whose answers to ReEncrypt, of account keys, are replaced. */
function enableThrough({ scenario, account, key }: World, forge: (request: ReEncrypt) => Uint8Array) {
  const { keyService } = scenario.ports;
  const forged: KeyService = {
    ...keyService,
    async reEncrypt(request) {
      const answer = await keyService.reEncrypt(request);
      return answer.ok && request.fromKeyArn !== key.arn ? { ...answer, value: { ciphertext: forge(request) } } : answer;
    },
  };
  return scenario.enable(account, key.arn, createUseCases({ ...scenario.ports, keyService: forged }));
}

const expectUntouched = async ({ scenario, account, vendor }: World): Promise<void> => {
  const { store, keyRecords } = scenario.ports;
  expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
  const wraps = await store.read.keys.wraps(account.id);
  expect(wraps.every(({ keyArn, state }) => keyArn === vendor.arn && state === "CURRENT")).toBe(true);
  expect((await keyRecords.list(account.id)).every(({ keyArn }) => keyArn === vendor.arn)).toBe(true);
};

describe("ReEncrypt", () => {
  it.each(["vendor", "key"] as const)("refused by the %s's side: Decrypt and Encrypt do it", async (side) => {
    const world = await prepare();
    world[side].reEncryptDenied = true;
    expect(await world.scenario.enable(world.account, world.key.arn)).toMatchObject({ ok: true });
    await expectEnabled(world.scenario, world.account, world.key.arn);
  });

  it.each([
    ["another key", ({ key }: World, { toContext }: ReEncrypt) => key.seal(new Uint8Array(32).fill(7), toContext)],
    ["something that is no key", ({ key }: World, { toContext }: ReEncrypt) => key.seal(new Uint8Array(31), toContext)],
    ["bytes that do not open", () => new Uint8Array(184).fill(9)],
    ["what it was given", (_: World, { ciphertext }: ReEncrypt) => ciphertext],
    ["the right key under another context", ({ key }: World) => key.seal(new Uint8Array(32), { "ekm:account": "acc_x" })],
  ])("that answers %s is not believed: Decrypt and Encrypt do it", async (_, forge) => {
    const world = await prepare();
    expect(await enableThrough(world, (request) => forge(world, request))).toMatchObject({ ok: true });
    await expectEnabled(world.scenario, world.account, world.key.arn);
  });

  it("throttled: nothing changes, no more is asked, and enabling again succeeds", async () => {
    const world = await prepare();
    const { scenario, account, key } = world;
    let seen = 0;
    scenario.ports.kms.hooks.before = ({ operation, keyArn }) => {
      if (operation === "reEncrypt" && keyArn !== key.arn && ++seen === 2)
        scenario.ports.kms.failNext("reEncrypt", "KMS_THROTTLED");
    };
    expect(await scenario.enable(account, key.arn)).toMatchObject({ ok: false, error: [{ code: "KMS_THROTTLED" }] });
    expect(scenario.ports.kms.calls.at(-1)).toMatchObject({ operation: "reEncrypt" });
    await expectUntouched(world);
    expect(await scenario.enable(account, key.arn)).toMatchObject({ ok: true });
    await expectEnabled(scenario, account, key.arn);
  });
});

it("a customer's key that lies once it has passed the preflight gets nothing", async () => {
  const world = await prepare();
  const { scenario, account, key, vendor } = world;
  scenario.ports.kms.hooks.before = ({ keyArn }) => {
    if (keyArn === vendor.arn) key.answers = "wrong-bytes";
  };
  expect(await scenario.enable(account, key.arn)).toMatchObject({
    ok: false,
    error: [{ code: "KMS_ANSWER_INVALID", field: ["input", "keyArn"] }],
  });
  await expectUntouched(world);
});

it("a vendor's key that refuses is asked once, not for each generation", async () => {
  const world = await prepare(20);
  const { scenario, account, key, vendor } = world;
  vendor.state = "Disabled";
  scenario.ports.kms.calls.length = 0;
  expect(await scenario.enable(account, key.arn)).toMatchObject({ ok: false, error: [{ code: "VENDOR_AWS_FAULT" }] });
  const asked = scenario.ports.kms.calls.filter(({ keyArn }) => keyArn === vendor.arn);
  expect(asked.map(({ operation }) => operation)).toEqual(["reEncrypt", "decrypt"]);
  await expectUntouched(world);
});

describe("a wrap that does not open", () => {
  const flip = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 60 ? byte ^ 1 : byte));

  async function damage({ scenario, account }: World, doomed: readonly number[], where: "row" | "row and record"): Promise<void> {
    const { store, keyRecords } = scenario.ports;
    for (const wrap of await store.read.keys.wraps(account.id)) {
      if (!doomed.includes(wrap.generation)) continue;
      const damaged = { ...wrap, ciphertext: flip(wrap.ciphertext) };
      await store.transaction(async (tx) => {
        await tx.keys.deleteWrap(account.id, wrap.generation, wrap.keyArn);
        await tx.keys.insertWrap(damaged);
      });
      if (where === "row") continue;
      const record = (await keyRecords.list(account.id)).find(({ generation }) => generation === wrap.generation);
      if (!record) throw new Error("no record");
      await keyRecords.remove(record);
      await keyRecords.put(damaged, record.checkValue);
    }
  }

  it("is stood in for by its record beside the backups", async () => {
    const world = await prepare(5);
    await damage(world, [2, 4], "row");
    expect(await world.scenario.enable(world.account, world.key.arn)).toMatchObject({ ok: true });
    await expectEnabled(world.scenario, world.account, world.key.arn);
  });

  it("and is lost beside the backups, too: 1 % of 300 are named, the others have been tried, nothing changes", async () => {
    const world = await prepare(300);
    const { scenario, account, key, vendor } = world;
    await damage(world, [7, 100, 299], "row and record");
    const outcome = await scenario.enable(account, key.arn);
    expect(outcome).toMatchObject({ ok: false, error: [{ code: "ACCOUNT_KEY_UNREADABLE" }] });
    expect(JSON.stringify(outcome)).toContain(
      "Account key generation(s) at fault: 7 (0 backup(s)), 100 (0 backup(s)), 299 (0 backup(s)).",
    );
    expect(
      scenario.ports.kms.calls.filter(({ operation, keyArn }) => operation === "reEncrypt" && keyArn === vendor.arn),
    ).toHaveLength(300);
    await expectUntouched(world);
    const [event] = (await scenario.ports.store.read.audit.page(account.id, { first: 1 }, { action: "EKM_ENABLED" })).items;
    expect(event).toMatchObject({ outcome: "FAILED" });
  });

  it("of an old database whose vendor's key is gone, is stood in for by the record under the customer's key", async () => {
    const world = await prepare();
    const { scenario, account, key, vendor } = world;
    const { store, keyRecords, keyService } = scenario.ports;
    for (const { generation, checkValue } of await store.read.keys.generations(account.id)) {
      const wrap = await store.read.keys.currentWrap(account.id, generation);
      if (!wrap) throw new Error("no wrap");
      const context = { "ekm:account": account.id, "ekm:purpose": "account-key", "ekm:generation": String(generation) };
      const sides = { fromKeyArn: vendor.arn, toKeyArn: key.arn, fromContext: context, toContext: context };
      const moved = await keyService.reEncrypt({ ...sides, ciphertext: wrap.ciphertext });
      if (!moved.ok) throw new Error(moved.error.code);
      await keyRecords.put({ ...wrap, keyArn: key.arn, ciphertext: moved.value.ciphertext }, checkValue);
      await keyRecords.removeByKey(account.id, vendor.arn);
    }
    vendor.state = "Deleted";
    expect(await scenario.enable(account, key.arn)).toMatchObject({ ok: true });
    const current = await store.read.keys.wraps(account.id);
    expect(current.map(({ keyArn, state }) => [keyArn, state])).toEqual(current.map(() => [key.arn, "CURRENT"]));
  });
});
