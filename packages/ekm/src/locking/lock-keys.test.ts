import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import { createWorkerUseCases } from "../worker/create-worker-use-cases.js";

const refused = (code: string) => ({ ok: false, error: [expect.objectContaining({ code })] });

let scenario: Scenario;
let account: Account;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
});
const admin = () => tenantCaller(account);
const lock = (reason = "stolen laptop") => scenario.useCases.lockAccountKeys(admin(), { reason });
const unlock = (reason = "found again") => scenario.useCases.unlockAccountKeys(admin(), { reason });
const health = () => scenario.ports.store.read.health.current(account.id);
const audit = async () =>
  (await scenario.ports.store.read.audit.chain(account.id, 0, 100))
    .filter(({ action }) => action.startsWith("KEYS_"))
    .map(({ action, actor, detail }) => [action, actor, detail]);

describe("lockAccountKeys and unlockAccountKeys", () => {
  it("work in Cloud Key Management as well", async () => {
    const now = scenario.ports.clock.now();
    const locked = await lock();
    const { subject } = admin();
    expect(locked).toMatchObject({
      value: {
        keyLock: { lockedAt: now, lockedBy: subject, reason: "stolen laptop" },
        keyEpoch: account.keyEpoch + 1,
      },
    });
    expect(await scenario.stored(account)).toEqual(locked.ok && locked.value);
    const unlocked = await unlock();
    expect(unlocked).toMatchObject({ ok: true, value: { keyEpoch: account.keyEpoch + 2 } });
    expect((await scenario.stored(account)).keyLock).toBeUndefined();
    expect(await health()).toBeNull();
    expect(await audit()).toEqual([
      ["KEYS_LOCKED", subject, expect.stringContaining("stolen laptop")],
      ["KEYS_UNLOCKED", subject, expect.stringContaining("found again")],
    ]);
  });

  it("are harmless the second time: the first lock stays, and nothing is written", async () => {
    const first = await lock("first");
    expect(await lock("second")).toEqual(first);
    const unlocked = await unlock();
    expect(await unlock()).toEqual(unlocked);
    expect(await audit()).toHaveLength(2);
  });

  it("show in the health of the customer's key: LOCKED, then UNKNOWN until the next probe, which is due at once", async () => {
    const key = scenario.keyFor(account);
    await scenario.enable(account, key.arn);
    await scenario.ports.clock.advance(10_000);
    const lockedAt = scenario.ports.clock.now();
    await lock();
    expect(await health()).toMatchObject({ state: "LOCKED", since: lockedAt, problem: { code: "KEYS_LOCKED" } });
    scenario.ports.kms.calls.length = 0;
    const worker = createWorkerUseCases(scenario.ports);
    await scenario.ports.clock.advance(70_000);
    await worker.probeDueAccounts(10);
    expect(scenario.ports.kms.calls).toEqual([]);
    expect(await health()).toMatchObject({ state: "LOCKED", since: lockedAt });

    await unlock();
    expect(await health()).toMatchObject({ state: "UNKNOWN", since: scenario.ports.clock.now() });
    expect((await health())?.problem).toBeUndefined();
    expect(await worker.probeDueAccounts(10)).toBe(1);
    expect(await health()).toMatchObject({ state: "HEALTHY" });
  });

  it("shut whatever uses the keys", async () => {
    const { useCases } = scenario;
    const source = await useCases.registerBackupSource(admin(), { name: "a", kind: "DIRECTORY", location: "/data/a" });
    const sourceId = source.ok ? source.value.id : "";
    await lock();
    expect(await useCases.startBackup(admin(), { sourceId })).toMatchObject(refused("KEYS_LOCKED"));
    expect(await scenario.enable(account, scenario.keyFor(account).arn)).toMatchObject(refused("KEYS_LOCKED"));
    expect(scenario.ports.kms.calls).toEqual([]);
    await unlock();
    expect(await useCases.startBackup(admin(), { sourceId })).toMatchObject({ ok: true });
    expect(await scenario.enable(account, scenario.keyFor(account).arn)).toMatchObject({ ok: true });
  });

  it.each(["", "  ", "a".repeat(501), "a\u0000b", "a\u2028b"])("want a reason that can be read: %#", async (reason) => {
    for (const answer of [await lock(reason), await unlock(reason)]) {
      expect(answer).toMatchObject({ error: [{ code: "INPUT_INVALID", field: ["input", "reason"] }] });
    }
    expect((await scenario.stored(account)).keyEpoch).toBe(account.keyEpoch);
  });

  it("are the admin's alone", async () => {
    const input = { accountId: account.id, reason: "r" };
    for (const caller of [tenantCaller(account, "BACKUP_OPERATOR"), tenantCaller(account, "ACCOUNT_VIEWER"), SUPPORT_CALLER]) {
      expect(await scenario.useCases.lockAccountKeys(caller, input)).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
      expect(await scenario.useCases.unlockAccountKeys(caller, input)).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
    }
  });
});
