// Invariant: one generation that no copy opens does not keep an account in Cloud Key Management for ever: with the admin's word, by the
// account's name, it is left behind, named and on record. Nothing that opens is ever left: not by a key that refuses or lies, not
// by a store that is out of reach, not by a process that dies at any statement. And what is left is not destroyed by us.
import { beforeEach, describe, expect, it } from "vitest";
import type { Account } from "../src/accounts/account.js";
import { verifyChain } from "../src/audit/chain.js";
import { createKeyring, createUseCases, createWorkerUseCases, JOB_LEASE_MS, type Ports, type UseCases } from "../src/index.js";
import { ensureKeyRecord } from "../src/keyring/ensure-key-record.js";
import { openWrap } from "../src/keys/open-wrap.js";
import { CURRENT_TERMS } from "../src/lifecycle/terms.js";
import { createScenario, type MemoryKey, type MemoryPorts, type Scenario, tenantCaller } from "../testing/index.js";
import { Crash, crashAt } from "./interrupt.js";
import { leasesOf } from "./support/accounts.js";
import { claim, queueBackup, SEALED, tryClaim } from "./support/jobs.js";
import { damage, NEVER } from "./support/rotations.js";

type Input = Partial<Parameters<UseCases["enableEkm"]>[1]>;

interface World {
  readonly scenario: Scenario;
  readonly ports: MemoryPorts;
  readonly account: Account;
  readonly vendor: MemoryKey;
  readonly key: MemoryKey;
  enable(more?: Input, through?: Ports): ReturnType<UseCases["enableEkm"]>;
  /** Generation, whose key its wrap is under, its state. */
  wraps(): Promise<readonly string[]>;
  mend(): Promise<void>;
}

const GENERATIONS = 4;
const DOOMED = 2;

/** An activated account with four generations under the vendor's key, of which no copy of the second one opens. */
async function prepare(): Promise<World> {
  const scenario = createScenario();
  const { ports } = scenario;
  const account = await scenario.createActivated();
  for (let n = 0; n < GENERATIONS; n += 1) await scenario.addGeneration(account);
  for (const row of await ports.store.read.keys.generations(account.id)) await ensureKeyRecord(ports, row);
  const [vendor] = ports.kms.vendorOwned;
  if (vendor === undefined) throw new Error("no vendor's key");
  for (const generation of [1, DOOMED, DOOMED]) await queueBackup(ports, account, { ...SEALED, generation });
  const key = scenario.keyFor(account);
  const all = () => ports.store.read.keys.wraps(account.id);
  const mend = await damage({ ports, account, wraps: all }, [DOOMED]);
  return {
    scenario,
    ports,
    account,
    vendor,
    key,
    mend,
    enable(more = {}, through = ports) {
      const consent = { acceptedTermsVersion: CURRENT_TERMS.version, confirmIrreversible: true };
      const input = { keyArn: key.arn, ...consent, acceptLossOfUnreadable: account.name, ...more };
      return createUseCases(through).enableEkm(tenantCaller(account), input);
    },
    async wraps() {
      const nameOf = (arn: string) => (arn === key.arn ? "customer" : arn === vendor.arn ? "vendor" : arn);
      return (await all()).map(({ generation, keyArn, state }) => `${generation} ${nameOf(keyArn)} ${state}`);
    },
  };
}

const UNTOUCHED = ["1 vendor CURRENT", "2 vendor CURRENT", "3 vendor CURRENT", "4 vendor CURRENT"];
const ENABLED = ["1 customer CURRENT", "2 vendor CURRENT", "3 customer CURRENT", "4 customer CURRENT", "5 customer CURRENT"];

let world: World;
beforeEach(async () => {
  world = await prepare();
});

/** Nothing was switched; PENDING wraps serve nothing. */
async function expectAsItWas({ scenario, account, wraps, ports }: World): Promise<void> {
  expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
  expect((await wraps()).filter((wrap) => !wrap.endsWith("PENDING"))).toEqual(UNTOUCHED);
  expect((await ports.store.read.keys.generations(account.id)).some(({ leftBecause }) => leftBecause !== undefined)).toBe(false);
}

/** Enabled; only the doomed generation was left, and all others open under the customer's key. */
async function expectLeft({ scenario, ports, account, key, wraps }: World): Promise<void> {
  const { store, keyService } = ports;
  expect(await scenario.stored(account)).toMatchObject({ ekm: { status: "ENABLED", key: { arn: key.arn } } });
  expect(await wraps()).toEqual(ENABLED);
  const generations = await store.read.keys.generations(account.id);
  expect(generations.map(({ leftBecause }) => leftBecause)).toEqual([
    undefined,
    "ACCOUNT_KEY_UNREADABLE",
    undefined,
    undefined,
    undefined,
  ]);
  expect(generations.filter(({ closedAt }) => closedAt === undefined).map(({ generation }) => generation)).toEqual([5]);
  for (const { generation, checkValue } of generations.filter(({ leftBecause }) => leftBecause === undefined)) {
    const wrap = await store.read.keys.currentWrap(account.id, generation);
    if (wrap === null) throw new Error("no wrap");
    expect(await openWrap(keyService, wrap, checkValue)).toMatchObject({ ok: true });
  }
  expect(verifyChain(account.id, await store.read.audit.chain(account.id, 0, 1000)).intact).toBe(true);
}

const supersede = async ({ ports }: World, through: Ports = ports) =>
  createWorkerUseCases({ ...ports, ...through }).supersede(await claim(ports, "SUPERSEDE"));
const left = ({ scenario, account }: World) => scenario.useCases.queries.leftGenerations(tenantCaller(account), account.id);

describe("without the admin's word", () => {
  it("nothing is enabled; the generation is named, with its backups and the way out", async () => {
    const outcome = await createUseCases(world.ports).enableEkm(tenantCaller(world.account), {
      keyArn: world.key.arn,
      acceptedTermsVersion: CURRENT_TERMS.version,
      confirmIrreversible: true,
    });
    expect(outcome).toMatchObject({ ok: false, error: [{ code: "ACCOUNT_KEY_UNREADABLE" }] });
    expect(JSON.stringify(outcome)).toContain("at fault: 2 (2 backup(s)). To go on without them, repeat the account's name");
    await expectAsItWas(world);
  });

  it.each(["", "acme", "Acme ", "Another"])("%j is not the account's name, and no key is asked", async (name) => {
    world.ports.kms.calls.length = 0;
    expect(await world.enable({ acceptLossOfUnreadable: name })).toMatchObject({
      ok: false,
      error: [{ code: "CONFIRMATION_MISSING", field: ["input", "acceptLossOfUnreadable"] }],
    });
    expect(world.ports.kms.calls).toEqual([]);
    await expectAsItWas(world);
  });
});

describe("with the loss accepted by name", () => {
  it("the generation is left under the vendor's key, the others are moved, and it is on record", async () => {
    const outcome = await world.enable();
    expect(outcome).toMatchObject({ ok: true });
    await expectLeft(world);
    const { store } = world.ports;
    const [event] = (await store.read.audit.page(world.account.id, { first: 1 }, { action: "EKM_ENABLED" })).items;
    expect(event).toMatchObject({ outcome: "DONE", actor: tenantCaller(world.account).subject });
    expect(event?.detail).toContain("3 earlier generation(s) are now under the customer's key");
    expect(event?.detail).toContain("the loss of 1 generation(s) that nothing opens was accepted: 2 (ACCOUNT_KEY_UNREADABLE)");
    expect(await left(world)).toEqual({
      ok: true,
      value: [{ generation: 2, backups: 2n, problem: expect.objectContaining({ code: "ACCOUNT_KEY_UNREADABLE" }) }],
    });
  });

  it("its backups stay listed, and are not said to be restorable", async () => {
    await world.enable();
    const { queries } = world.scenario.useCases;
    const protections = await queries.backupProtections(tenantCaller(world.account), world.account.id);
    if (!protections.ok) throw new Error("refused");
    const { items } = await world.ports.store.read.backups.page(world.account.id, { first: 10 }, {});
    const seen = items.map((backup) => `${backup.generation} ${protections.value(backup).restorable}`);
    expect(seen.sort()).toEqual(["1 true", "2 false", "2 false"]);
    // Whatever becomes of the vendor's key: it is not asked.
    await supersede(world);
    world.ports.kms.calls.length = 0;
    const leases = leasesOf(world.ports);
    const reading = await createKeyring(world.ports, leases).forReading(world.account.id, 2);
    expect(reading).toMatchObject({ ok: false, error: { code: "ACCOUNT_KEY_UNREADABLE" } });
    expect(world.ports.kms.calls).toEqual([]);
    leases.close();
  });

  it("superseding destroys what the vendor's key opens, leaves what it does not, and goes through", async () => {
    await world.enable();
    const { ports, account, vendor, scenario } = world;
    expect(await supersede(world)).toBe(true);
    await expectLeft(world);
    const records = (await ports.keyRecords.list(account.id)).map(
      ({ generation, keyArn }) => `${generation} ${keyArn === vendor.arn ? "vendor" : "customer"}`,
    );
    expect(records.sort()).toEqual(["1 customer", "2 vendor", "3 customer", "4 customer", "5 customer"]);
    expect(vendor.state).toBe("PendingDeletion");
    expect((await scenario.stored(account)).vendorKey?.deletionDate).toBeDefined();
    await ports.clock.advance(JOB_LEASE_MS + 1);
    expect(await tryClaim(ports, "SUPERSEDE")).toBeNull();
  });

  it("a generation that has no wrap at all is left too, and stops no later rotation", async () => {
    const { ports, account, scenario } = world;
    await ports.store.transaction((tx) => tx.keys.deleteWrap(account.id, DOOMED, world.vendor.arn));
    for (const record of await ports.keyRecords.list(account.id))
      if (record.generation === DOOMED) await ports.keyRecords.remove(record);
    expect(await world.enable()).toMatchObject({ ok: true });
    expect(await world.wraps()).toEqual(ENABLED.filter((wrap) => !wrap.startsWith("2")));
    expect(await supersede(world)).toBe(true);
    const to = scenario.keyFor(account);
    expect(await rotate(world, to.arn)).toMatchObject({ status: "COMPLETED", retirement: expect.anything() });
    expect(await left(world)).toMatchObject({ value: [{ generation: 2 }] });
  });

  it("a record that opens stands in for the row: nothing is lost, and nothing is said to be", async () => {
    const { ports, account, vendor } = world;
    await world.mend();
    const whole = await ports.store.read.keys.currentWrap(account.id, DOOMED);
    const row = await ports.store.read.keys.generation(account.id, DOOMED);
    if (whole === null || row === null) throw new Error("no wrap");
    await ports.keyRecords.put(whole, row.checkValue);
    await ports.store.transaction(async (tx) => {
      await tx.keys.deleteWrap(account.id, DOOMED, vendor.arn);
      await tx.keys.insertWrap({ ...whole, ciphertext: whole.ciphertext.map((byte) => byte ^ 1) });
    });
    expect(await world.enable()).toMatchObject({ ok: true });
    expect(await world.wraps()).toEqual(ENABLED.map((wrap) => wrap.replace("vendor", "customer")));
    expect(await left(world)).toEqual({ ok: true, value: [] });
  });

  it("does nothing where nothing is lost", async () => {
    await world.mend();
    expect(await world.enable()).toMatchObject({ ok: true });
    expect(await world.wraps()).toEqual(ENABLED.map((wrap) => wrap.replace("vendor", "customer")));
    const [event] = (await world.ports.store.read.audit.page(world.account.id, { first: 1 }, { action: "EKM_ENABLED" })).items;
    expect(event?.detail).not.toContain("loss");
  });

  it("answers a repeat with the same idempotency key from the record, and another word as another request", async () => {
    const idempotencyKey = "once";
    const first = await world.enable({ idempotencyKey });
    expect(first).toMatchObject({ ok: true });
    world.ports.kms.calls.length = 0;
    expect(await world.enable({ idempotencyKey })).toEqual(first);
    expect(world.ports.kms.calls).toEqual([]);
    expect(await world.enable({ idempotencyKey, acceptLossOfUnreadable: "Other" })).toMatchObject({
      error: [{ code: "IDEMPOTENCY_KEY_REUSED" }],
    });
  });
});

describe("the word does not cover what may be whole", () => {
  it.each(["Disabled", "PendingDeletion", "Deleted"] as const)("a vendor's key that is %s", async (state) => {
    world.vendor.state = state;
    expect(await world.enable()).toMatchObject({ ok: false, error: [{ code: "VENDOR_AWS_FAULT" }] });
    await expectAsItWas(world);
  });

  it.each(["wrong-bytes", "invalid"] as const)("a vendor's key that lies (%s) about all of them", async (answers) => {
    Object.assign(world.vendor, { answers, reEncryptDenied: true });
    expect(await world.enable()).toMatchObject({ ok: false });
    await expectAsItWas(world);
  });

  it("a vendor's key that lies once", async () => {
    await world.mend();
    const { kms } = world.ports;
    world.vendor.reEncryptDenied = true;
    let lies = 0;
    kms.hooks.before = (call) => {
      const isOfVendor = call.operation === "decrypt" && call.keyArn === world.vendor.arn;
      const lying = isOfVendor && call.context?.["ekm:generation"] === String(DOOMED) && lies < 2;
      world.vendor.answers = lying ? "wrong-bytes" : "truthful";
      if (lying) lies += 1;
    };
    expect(await world.enable()).toMatchObject({ ok: true });
    expect(lies).toBeGreaterThan(0);
    expect(await left(world)).toEqual({ ok: true, value: [] });
    expect(await world.wraps()).toEqual(ENABLED.map((wrap) => wrap.replace("vendor", "customer")));
  });

  it("records that are out of reach", async () => {
    const { ports } = world;
    const list = async () => {
      throw Object.assign(new Error("no disk"), { name: "StorageError" });
    };
    const outcome = await world.enable({}, { ...ports, keyRecords: { ...ports.keyRecords, list } });
    expect(outcome).toMatchObject({ ok: false, error: [{ code: "STORAGE_UNAVAILABLE" }] });
    await expectAsItWas(world);
  });

  it("a customer's key that lies", async () => {
    world.key.answers = "wrong-bytes";
    expect(await world.enable()).toMatchObject({ ok: false });
    await expectAsItWas(world);
  });
});

describe("what was left", () => {
  it("does not stop the next rotation, nor its certificate", async () => {
    await world.enable();
    await supersede(world);
    const to = world.scenario.keyFor(world.account);
    expect(await rotate(world, to.arn)).toMatchObject({ status: "COMPLETED", retirement: expect.anything() });
    expect(await left(world)).toMatchObject({ value: [{ generation: 2 }] });
    const records = await world.ports.keyRecords.list(world.account.id);
    expect(records.some(({ generation, keyArn }) => generation === DOOMED && keyArn === world.vendor.arn)).toBe(true);
  });

  it("comes along with the next rotation if a whole copy turns up while the vendor's key can still be had back", async () => {
    await world.enable();
    await supersede(world);
    world.vendor.state = "Enabled";
    await world.mend();
    const to = world.scenario.keyFor(world.account);
    await rotate(world, to.arn);
    expect(await left(world)).toEqual({ ok: true, value: [] });
    const wraps = await world.ports.store.read.keys.wraps(world.account.id);
    expect(wraps.map(({ keyArn, state }) => [keyArn, state])).toEqual(Array(5).fill([to.arn, "CURRENT"]));
  });
});

it("survives a crash at every point of enabling: as it was, or enabled with that one loss, and a repeat comes to the same end", async () => {
  let points = 0;
  for (let nth = 1; ; nth += 1) {
    const one = await prepare();
    const crashed = await one.enable({}, crashAt(one.ports, nth).ports).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Crash) return true;
        throw error;
      },
    );
    const committed = (await one.scenario.stored(one.account)).ekm.status === "ENABLED";
    if (committed) await expectLeft(one);
    else await expectAsItWas(one);
    const again = await one.enable();
    expect(again).toMatchObject(committed ? { ok: false, error: [{ code: "EKM_ALREADY_ENABLED" }] } : { ok: true });
    await expectLeft(one);
    if (!crashed) break;
    points = nth;
  }
  expect(points).toBeGreaterThan(80);
});

it("survives a crash at every point of superseding", async () => {
  let points = 0;
  for (let nth = 1; ; nth += 1) {
    const one = await prepare();
    await one.enable();
    const crashed = await supersede(one, crashAt(one.ports, nth).ports).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Crash) return true;
        throw error;
      },
    );
    await expectLeft(one);
    await one.ports.clock.advance(JOB_LEASE_MS + 1);
    const job = await tryClaim(one.ports, "SUPERSEDE");
    if (job !== null) expect(await createWorkerUseCases(one.ports).supersede(job)).toBe(true);
    await expectLeft(one);
    expect(one.vendor.state).toBe("PendingDeletion");
    const under = (await one.ports.keyRecords.list(one.account.id)).filter(({ keyArn }) => keyArn === one.vendor.arn);
    expect(under.map(({ generation }) => generation)).toEqual([DOOMED]);
    if (!crashed) break;
    points = nth;
  }
  expect(points).toBeGreaterThan(15);
});

async function rotate({ ports, account, scenario }: World, keyArn: string) {
  const started = await scenario.useCases.rotateEkmKey(tenantCaller(account), { keyArn });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  const { id } = started.value.rotation;
  for (let seconds = 0; seconds < 600; seconds += 1) {
    const rotation = await ports.store.read.rotations.byId(id);
    if (rotation?.finishedAt !== undefined) return rotation;
    const job = await tryClaim(ports, "ROTATION");
    if (job === null) await ports.clock.advance(1000);
    else await createWorkerUseCases(ports).rotate(job, NEVER);
  }
  throw new Error("the rotation does not end");
}
