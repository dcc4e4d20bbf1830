// Invariant: whatever a screen shows of an account, a committed change of it leaves an event; what was rolled back or refused leaves none.
import { describe, expect, it } from "vitest";
import { recordObservation } from "../src/health/record-observation.js";
import {
  createUseCases,
  createWorkerUseCases,
  eventId,
  placeOfEvent,
  problem,
  type Repositories,
  recordingStore,
  type UseCases,
} from "../src/index.js";
import { createMemoryPorts, createScenario, SUPPORT_CALLER, tenantCaller } from "../testing/index.js";
import { cloudAccount } from "./support/accounts.js";
import { claim, queueBackup, SEALED } from "./support/jobs.js";

function setUp() {
  const scenario = createScenario();
  const ports = { ...scenario.ports, store: recordingStore(scenario.ports.store, scenario.ports.clock) };
  const useCases: UseCases = createUseCases(ports);
  const told = async (accountId: string, after = 0) =>
    (await ports.store.read.events.since(accountId, after, 100)).map(({ kind, subject }) =>
      subject === undefined ? kind : `${kind} ${subject}`,
    );
  return { scenario, ports, useCases, told };
}

const ok = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

describe("an account's events", () => {
  it("tell of activation, enabling, health, lock and unlock, in the order of the commits", async () => {
    const { scenario, useCases, told } = setUp();
    const account = ok(await useCases.createAccount(SUPPORT_CALLER, { name: "Acme" }));
    ok(await useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id }));
    ok(await scenario.enable(account, scenario.keyFor(account).arn, useCases));
    const admin = tenantCaller(account);
    ok(await useCases.lockAccountKeys(admin, { reason: "drill" }));
    ok(await useCases.unlockAccountKeys(admin, { reason: "drill over" }));
    const kinds = await told(account.id);
    expect(kinds[0]).toBe("EKM_ACTIVATED");
    for (const kind of ["EKM_ENABLED", "KEY_HEALTH_CHANGED", "KEYS_LOCKED", "KEYS_UNLOCKED"]) expect(kinds).toContain(kind);
    expect(kinds.indexOf("EKM_ENABLED")).toBeLessThan(kinds.indexOf("KEYS_LOCKED"));
    expect(kinds.indexOf("KEYS_LOCKED")).toBeLessThan(kinds.indexOf("KEYS_UNLOCKED"));
  });

  it("tell of withdrawal and lapse, and nothing of what was refused", async () => {
    const { ports, useCases, told } = setUp();
    const [one, two] = [
      ok(await useCases.createAccount(SUPPORT_CALLER, { name: "One" })),
      ok(await useCases.createAccount(SUPPORT_CALLER, { name: "Two" })),
    ];
    ok(await useCases.activateEkm(SUPPORT_CALLER, { accountId: one.id }));
    ok(await useCases.withdrawEkmActivation(SUPPORT_CALLER, { accountId: one.id, reason: "by mistake" }));
    ok(await useCases.activateEkm(SUPPORT_CALLER, { accountId: two.id, expiresInDays: 1 }));
    await ports.clock.advance(2 * 24 * 3600 * 1000);
    expect((await useCases.rotateEkmKey(tenantCaller(one), { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/x" })).ok).toBe(
      false,
    );
    ok(await useCases.activateEkm(SUPPORT_CALLER, { accountId: two.id }));
    expect(await told(one.id)).toEqual(["EKM_ACTIVATED", "EKM_ACTIVATION_WITHDRAWN"]);
    expect(await told(two.id)).toEqual(["EKM_ACTIVATED", "EKM_ACTIVATION_LAPSED", "EKM_ACTIVATED"]);
  });

  it("tell of each state of a backup, and of its latest progress alone", async () => {
    const memory = createMemoryPorts();
    const ports = { ...memory, store: recordingStore(memory.store, memory.clock) };
    const account = await cloudAccount(memory);
    const worker = createWorkerUseCases(ports);
    const { id } = await queueBackup(ports as typeof memory, account);
    const job = await claim(memory, "BACKUP");
    await worker.beginBackup(job);
    for (const bytesDone of [10n, 20n, 30n]) await worker.heartbeat(job, { bytesDone, itemsDone: 1n });
    await worker.finishBackup(job, SEALED);
    const events = await ports.store.read.events.since(account.id, 0, 100);
    expect(events.map(({ sequence, kind, subject }) => [sequence, kind, subject])).toEqual([
      [1, "BACKUP_CHANGED", id],
      [2, "BACKUP_CHANGED", id],
      [5, "BACKUP_CHANGED", id],
      [6, "BACKUP_CHANGED", id],
    ]);
  });

  it("tell of a deletion that is pending once, not at every probe", async () => {
    const { scenario, ports, useCases, told } = setUp();
    const account = ok(await useCases.createAccount(SUPPORT_CALLER, { name: "Acme" }));
    ok(await useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id }));
    const key = scenario.keyFor(account);
    ok(await scenario.enable(account, key.arn, useCases));
    const last = (await ports.store.read.events.heads([account.id])).get(account.id)?.sequence ?? 0;
    const refusal = {
      kind: "failed",
      failureClass: "refusal",
      problem: problem("KEY_PENDING_DELETION", { keyArn: key.arn }),
    } as const;
    const observe = async (more: { readonly deletionDate?: Date } = {}) => {
      await ports.clock.advance(1000);
      const call = { accountId: account.id, keyArn: key.arn, sentAt: ports.clock.now() };
      await recordObservation(ports)({ ...call, observation: { ...refusal, ...more } });
    };
    await observe();
    await observe();
    expect(await told(account.id, last)).toEqual(["KEY_HEALTH_CHANGED", "KEY_PENDING_DELETION"]);
    // The day is learnt later: whoever shows it must hear of it.
    const deletionDate = new Date("2026-02-01T00:00:00Z");
    await observe({ deletionDate });
    await observe({ deletionDate });
    await observe();
    expect(await told(account.id, last)).toEqual(["KEY_HEALTH_CHANGED", "KEY_PENDING_DELETION", "KEY_PENDING_DELETION"]);
  });

  it("are rolled back with what they tell of", async () => {
    const { ports, useCases, told } = setUp();
    const account = ok(await useCases.createAccount(SUPPORT_CALLER, { name: "Acme" }));
    const failing = ports.store.transaction(async (tx: Repositories) => {
      await tx.audit.append(account.id, ports.clock.now(), {
        actor: "system",
        action: "KEYS_LOCKED",
        outcome: "DONE",
        detail: "never was",
        awsRequestIds: [],
      });
      throw new Error("refused");
    });
    await expect(failing).rejects.toThrow("refused");
    expect(await told(account.id)).toEqual([]);
  });
});

describe("an event's id", () => {
  it("holds its place, and is read back; anything else is none", () => {
    const place = { accountId: "acc_01JHZZZZZZZZZZZZZZZZZZZZZZ", sequence: 42 };
    expect(placeOfEvent(eventId(place))).toEqual(place);
    for (const id of [
      "",
      "evt_",
      "evt_01JHZZZZZZZZZZZZZZZZZZZZZZ_0",
      "evt_01JHZZZZZZZZZZZZZZZZZZZZZZ_-1",
      "acc_01JHZZZZZZZZZZZZZZZZZZZZZZ_1",
    ]) {
      expect(placeOfEvent(id)).toBeNull();
    }
  });
});
