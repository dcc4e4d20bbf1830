// Invariant: whatever a key does, from whichever call on, no generation is lost and none is served by a key that has not been
// proved; once the key is itself again, enabling and rotating come to their end without anybody's repair. A process that dies
// meanwhile makes no difference.
import { describe, expect, it } from "vitest";
import { createUseCases, JOB_LEASE_MS } from "../src/index.js";
import { openWrap } from "../src/keys/open-wrap.js";
import { createScenario, type MemoryKey } from "../testing/index.js";
import { Crash, crashAt } from "./interrupt.js";
import { expectEnabled, expectUsable } from "./protection.js";
import { expectRotated, type RotationWorld, rotationWorld } from "./support/rotations.js";

const TROUBLES: readonly [string, Partial<MemoryKey>][] = [
  ["disabled", { state: "Disabled" }],
  ["pending deletion", { state: "PendingDeletion" }],
  ["denied", { denied: true }],
  ["throttled", { failWith: "KMS_THROTTLED" }],
  ["unreachable", { failWith: "KMS_UNREACHABLE" }],
  ["lying about what it decrypts", { answers: "wrong-bytes" }],
  ["answering for another key", { answers: "invalid" }],
  ["without ReEncrypt", { reEncryptDenied: true }],
];
const WELL = { state: "Enabled", denied: false, failWith: undefined, answers: "truthful", reEncryptDenied: false } as const;
const cases = (sides: readonly string[]) =>
  sides.flatMap((side) => TROUBLES.map(([name, trouble]) => [side, name, trouble] as const));

describe("enabling", () => {
  it.each(cases(["vendor", "customer"]))("while the %s's key is %s from any call on", async (side, _, trouble) => {
    for (let nth = 1, calls = nth; nth <= calls; nth += 1) {
      const scenario = createScenario();
      const { kms } = scenario.ports;
      const account = await scenario.createActivated();
      for (let n = 0; n < 2; n += 1) await scenario.addGeneration(account);
      const customer = scenario.keyFor(account);
      const [vendor] = kms.vendorOwned;
      if (!vendor) throw new Error("no vendor key");
      const troubled = side === "vendor" ? vendor : customer;
      kms.calls.length = 0;
      kms.hooks.before = () => {
        if (kms.calls.length === nth) Object.assign(troubled, trouble);
      };
      const outcome = await scenario.enable(account, customer.arn);
      calls = kms.calls.length;
      kms.hooks.before = undefined;
      Object.assign(troubled, WELL);
      await expectUsable(scenario, account);
      expect((await scenario.stored(account)).ekm.status).toBe(outcome.ok ? "ENABLED" : "ACTIVATED");
      if (!outcome.ok) expect(await scenario.enable(account, customer.arn)).toMatchObject({ ok: true });
      await expectEnabled(scenario, account, customer.arn);
    }
  });

  it.each(cases(["vendor", "customer"]))("which dies while the %s's key is %s", async (side, _, trouble) => {
    for (let nth = 30; ; nth += 3) {
      const scenario = createScenario();
      const account = await scenario.createActivated();
      for (let n = 0; n < 2; n += 1) await scenario.addGeneration(account);
      const customer = scenario.keyFor(account);
      const [vendor] = scenario.ports.kms.vendorOwned;
      if (!vendor) throw new Error("no vendor key");
      const troubled = side === "vendor" ? vendor : customer;
      const died = await scenario.enable(account, customer.arn, createUseCases(crashAt(scenario.ports, nth).ports)).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      if (!died) break;
      Object.assign(troubled, trouble);
      await scenario.enable(account, customer.arn);
      Object.assign(troubled, WELL);
      await expectUsable(scenario, account);
      const status = (await scenario.stored(account)).ekm.status;
      if (status !== "ENABLED") expect(await scenario.enable(account, customer.arn)).toMatchObject({ ok: true });
      await expectEnabled(scenario, account, customer.arn);
    }
  });
});

it("enabling that died and is repeated, while the customer's key lies in any one answer", async () => {
  for (let nth = 1, calls = nth; nth <= calls; nth += 1) {
    const scenario = createScenario();
    const { kms } = scenario.ports;
    const account = await scenario.createActivated();
    await scenario.addGeneration(account);
    const customer = scenario.keyFor(account);
    // Dies when its PENDING wraps are written: the repeat adopts them, also that of the generation that is not born yet.
    const keyRecords = { ...scenario.ports.keyRecords, put: () => Promise.reject(new Crash()) };
    const dying = createUseCases({ ...scenario.ports, keyRecords });
    await expect(scenario.enable(account, customer.arn, dying)).rejects.toBeInstanceOf(Crash);
    kms.calls.length = 0;
    kms.hooks.before = () => void Object.assign(customer, kms.calls.length === nth ? { answers: "wrong-bytes" } : WELL);
    const outcome = await scenario.enable(account, customer.arn);
    calls = kms.calls.length;
    kms.hooks.before = undefined;
    Object.assign(customer, WELL);
    if (!outcome.ok) expect(await scenario.enable(account, customer.arn)).toMatchObject({ ok: true });
    await expectEnabled(scenario, account, customer.arn);
  }
});

describe("rotating", () => {
  /** Opened by the keys as they are when they are well. */
  async function expectIntact({ ports, account, from, to, wraps }: RotationWorld): Promise<void> {
    const faults = [from, to].map((key) => ({
      key,
      was: Object.fromEntries(Object.keys(WELL).map((name) => [name, Reflect.get(key, name)])),
    }));
    for (const { key } of faults) Object.assign(key, WELL);
    const generations = await ports.store.read.keys.generations(account.id);
    const current = (await wraps()).filter(({ state }) => state === "CURRENT");
    expect(current.map(({ generation }) => generation)).toEqual(generations.map(({ generation }) => generation));
    for (const wrap of current) {
      expect(await openWrap(ports.keyService, wrap, generations[wrap.generation - 1]?.checkValue)).toMatchObject({ ok: true });
    }
    for (const { key, was } of faults) Object.assign(key, was);
  }

  async function live(world: RotationWorld, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await world.work();
      await world.ports.clock.advance(5_000);
    }
  }

  it.each(cases(["from", "to"]))("while the key it goes %s is %s from any call on", async (side, _, trouble) => {
    for (let nth = 1, calls = nth; nth <= calls; nth += 1) {
      const world = await rotationWorld({ generations: 3 });
      const { kms, clock } = world.ports;
      await world.start();
      const troubled = side === "from" ? world.from : world.to;
      kms.calls.length = 0;
      kms.hooks.before = () => {
        if (kms.calls.length === nth) Object.assign(troubled, trouble);
      };
      await live(world, 8);
      // A key in trouble is asked again and again: only what a run in peace asks for is gone through.
      calls = Math.min(kms.calls.length, 8);
      await expectIntact(world);
      kms.hooks.before = undefined;
      Object.assign(troubled, WELL);
      await clock.advance(JOB_LEASE_MS + 1);
      await world.finish();
      // A key that lies fails the rotation, and the account stays as it was: it may be begun again.
      if ((await world.rotation()).status === "FAILED") {
        expect(trouble).toHaveProperty("answers");
        await world.start();
        await world.finish();
      }
      await expectRotated(world);
    }
  });
});
