// Invariant: a request with an idempotency key has one effect, however often and however many at once it is sent, and
// whatever becomes of the process that carries it out; KMS is not asked a second time for what is being done or is done.
import { beforeEach, describe, expect, it } from "vitest";
import {
  type Account,
  type BackupSource,
  type Caller,
  CLAIM_MS,
  CURRENT_TERMS,
  createUseCases,
  createWorkerUseCases,
  type Ports,
  type UseCases,
} from "../src/index.js";
import { createScenario, type Scenario, SUPPORT_CALLER, tenantCaller } from "../testing/index.js";
import { Crash, crashAt } from "./interrupt.js";
import { expectEnabled } from "./protection.js";

const refused = (code: string) => ({ ok: false, error: [expect.objectContaining({ code })] });

let scenario: Scenario;
let account: Account;
let source: BackupSource;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  source = await must(
    scenario.useCases.registerBackupSource(tenantCaller(account), { name: "crm", kind: "DIRECTORY", location: "/data/crm" }),
  );
});

async function must<T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value;
}

const admin = () => tenantCaller(account);
const backups = (of = account) => scenario.ports.store.read.backups.count(of.id, {});
const startBackup = (idempotencyKey = "k", more = {}, useCases = scenario.useCases) =>
  useCases.startBackup(admin(), { sourceId: source.id, idempotencyKey, ...more });
const enableWith = (keyArn: string, useCases: UseCases = scenario.useCases, idempotencyKey = "k") =>
  useCases.enableEkm(admin(), {
    keyArn,
    acceptedTermsVersion: CURRENT_TERMS.version,
    confirmIrreversible: true,
    idempotencyKey,
  });

describe("the same key and body", () => {
  it("answers the first result again, and does nothing else", async () => {
    const first = await must(startBackup());
    expect(await must(startBackup())).toEqual(first);
    expect(await must(startBackup("another"))).not.toEqual(first);
    expect(await backups()).toBe(2n);
  });

  it("shows the thing as it is now", async () => {
    const first = await must(startBackup());
    await must(scenario.useCases.cancelJob(admin(), { jobId: first.id }));
    expect(await must(startBackup())).toMatchObject({ id: first.id, status: "CANCELLED" });
  });

  it("does not mind the order of fields, nor a field that is left out rather than undefined", async () => {
    const input = { maxBytesPerSecond: undefined, idempotencyKey: "k", sourceId: source.id } as { sourceId: string };
    const first = await must(startBackup());
    expect(await must(scenario.useCases.startBackup(admin(), input))).toEqual(first);
  });

  it("is one effect and no second call to KMS when it is sent 100 times at once", async () => {
    await scenario.addGeneration(account);
    const alone = createScenario();
    const other = await alone.createActivated();
    await alone.addGeneration(other);
    await alone.enable(other, alone.keyFor(other).arn);

    const key = scenario.keyFor(account);
    const answers = await Promise.all(Array.from({ length: 100 }, () => enableWith(key.arn)));
    const done = answers.filter((answer) => answer.ok);
    expect(done).toHaveLength(1);
    for (const answer of answers.filter((one) => !one.ok)) {
      expect(answer).toMatchObject(refused("REQUEST_IN_PROGRESS"));
      expect(answer).toMatchObject({ error: [{ retryAfterMs: expect.any(Number) }], checks: [] });
    }
    expect(scenario.ports.kms.calls.length).toBe(alone.ports.kms.calls.length);
    expect(await enableWith(key.arn)).toEqual(done[0]);
    expect(scenario.ports.kms.calls.length).toBe(alone.ports.kms.calls.length);
    await expectEnabled(scenario, account, key.arn);
  });

  it("makes one backup of 100 at once, and one account", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => startBackup()));
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThanOrEqual(1);
    expect(await backups()).toBe(1n);
    const create = () => scenario.useCases.createAccount(SUPPORT_CALLER, { name: "New", idempotencyKey: "k" });
    await Promise.all(Array.from({ length: 100 }, create));
    expect(await scenario.ports.store.read.accounts.count({ search: "New" })).toBe(1n);
  });

  it.each<[string, (caller: { admin: Caller }) => Promise<{ ok: boolean }>]>([
    ["activateEkm", () => scenario.useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id, idempotencyKey: "k" })],
    [
      "withdrawEkmActivation",
      () => scenario.useCases.withdrawEkmActivation(SUPPORT_CALLER, { accountId: account.id, reason: "r", idempotencyKey: "k" }),
    ],
    [
      "registerBackupSource",
      () => {
        const input = { name: "a", kind: "DIRECTORY", location: "/data/a", idempotencyKey: "k" } as const;
        return scenario.useCases.registerBackupSource(admin(), input);
      },
    ],
    ["lockAccountKeys", () => scenario.useCases.lockAccountKeys(admin(), { reason: "r", idempotencyKey: "k" })],
    ["unlockAccountKeys", () => scenario.useCases.unlockAccountKeys(admin(), { reason: "r", idempotencyKey: "k" })],
    ["startBackup", () => startBackup()],
  ])("of %s writes the audit log once", async (operation, send) => {
    const first = await send({ admin: admin() });
    expect(first.ok).toBe(true);
    const entries = async () => {
      const { audit } = scenario.ports.store.read;
      const looks = await audit.count(account.id, { action: "ACCOUNT_READ_BY_SUPPORT" });
      return { effects: (await audit.count(account.id, {})) - looks, looks };
    };
    const before = await entries();
    expect(await send({ admin: admin() })).toEqual(first);
    // Support, which is shown the account once more, has looked at it.
    const looks = operation.endsWith("Activation") || operation === "activateEkm" ? 1n : 0n;
    expect(await entries()).toEqual({ effects: before.effects, looks: before.looks + looks });
  });
});

describe("of a rotation", () => {
  beforeEach(async () => {
    await scenario.enable(account, scenario.keyFor(account).arn);
  });

  it("the beginning is one rotation of 100 requests at once, and shows its checks again", async () => {
    const keyArn = scenario.keyFor(account).arn;
    scenario.ports.kms.calls.length = 0;
    const rotate = () => scenario.useCases.rotateEkmKey(admin(), { keyArn, idempotencyKey: "k" });
    const answers = await Promise.all(Array.from({ length: 100 }, rotate));
    const calls = scenario.ports.kms.calls.length;
    expect(calls).toBeLessThan(20);
    const [first] = answers.filter((answer) => answer.ok);
    expect(first?.checks.length).toBeGreaterThan(0);
    expect(await rotate()).toEqual(first);
    expect(scenario.ports.kms.calls.length).toBe(calls);
    expect(await scenario.ports.store.read.rotations.count(account.id)).toBe(1n);
  });

  it("pausing, resuming and cancelling are each done once", async () => {
    const { rotateEkmKey, pauseEkmKeyRotation, resumeEkmKeyRotation, cancelEkmKeyRotation } = scenario.useCases;
    const { rotation } = await must(rotateEkmKey(admin(), { keyArn: scenario.keyFor(account).arn }));
    const input = { rotationId: rotation.id, idempotencyKey: "k" };
    const entries = () => scenario.ports.store.read.audit.count(account.id, {});
    for (const mutate of [pauseEkmKeyRotation, resumeEkmKeyRotation, cancelEkmKeyRotation]) {
      const first = await must(mutate(admin(), input));
      const before = await entries();
      expect(await must(mutate(admin(), input))).toEqual(first);
      expect(await entries()).toBe(before);
    }
    expect(await must(pauseEkmKeyRotation(admin(), input))).toMatchObject({ status: "CANCELLED" });
  });
});

describe("the same key", () => {
  it("with another body is refused, whatever became of the first", async () => {
    await must(startBackup());
    expect(await startBackup("k", { maxBytesPerSecond: 1n })).toMatchObject(refused("IDEMPOTENCY_KEY_REUSED"));
    expect(await startBackup("k", { maxBytesPerSecond: 1n })).toMatchObject({
      error: [{ field: ["input", "idempotencyKey"] }],
    });
    expect(await backups()).toBe(1n);
  });

  it("of another operation is another request", async () => {
    await must(startBackup());
    await must(scenario.useCases.lockAccountKeys(admin(), { reason: "r", idempotencyKey: "k" }));
  });

  it("of another tenant is independent", async () => {
    const other = await scenario.createActivated("Other");
    await must(startBackup());
    const theirs = await scenario.useCases.startBackup(tenantCaller(other), { sourceId: source.id, idempotencyKey: "k" });
    expect(theirs).toMatchObject(refused("SOURCE_NOT_FOUND"));
    expect(await backups(other)).toBe(0n);
  });

  it("of two supporters is two requests", async () => {
    const create = (subject: string) =>
      scenario.useCases.createAccount({ ...SUPPORT_CALLER, subject }, { name: "New", idempotencyKey: "k" });
    expect((await must(create("one"))).id).not.toBe((await must(create("two"))).id);
  });

  it("shows nothing to a caller of the same account who may not ask for it", async () => {
    await must(startBackup());
    const viewer = tenantCaller(account, "ACCOUNT_VIEWER");
    expect(await scenario.useCases.startBackup(viewer, { sourceId: source.id, idempotencyKey: "k" })).toEqual({
      ok: false,
      error: { denied: "FORBIDDEN" },
    });
    expect(await scenario.ports.store.read.idempotency.find(account.id, "startBackup", "other")).toBeNull();
  });

  it.each(["", "k".repeat(201), "a\nb", "a\u0000", "\u2028", "\ud800", "a\u200eb"])("is not %j", async (key) => {
    const answer = await startBackup(key);
    expect(answer).toMatchObject(refused("INPUT_INVALID"));
    expect(answer).toMatchObject({ error: [{ field: ["input", "idempotencyKey"] }] });
    expect(await backups()).toBe(0n);
  });

  it.each(["k", " ", "k".repeat(200), "Zürich/日本 🔑", "b9f0c6f2-3b1b-4d6e-9a37-2a3f1de2a9c5"])("may be %j", async (key) => {
    await must(startBackup(key));
  });
});

describe("a rejection", () => {
  it("is kept and answered again, checks and all, although the reason is gone by now", async () => {
    const key = scenario.keyFor(account);
    key.keySpec = "RSA_2048";
    const first = await enableWith(key.arn);
    expect(first).toMatchObject(refused("KEY_NOT_SYMMETRIC"));
    key.keySpec = "SYMMETRIC_DEFAULT";
    scenario.ports.kms.calls.length = 0;
    expect(await enableWith(key.arn)).toEqual(first);
    expect(scenario.ports.kms.calls).toEqual([]);
  });

  it("that a retry can turn is not kept: the key may be tried again", async () => {
    const key = scenario.keyFor(account);
    key.state = "Disabled";
    expect(await enableWith(key.arn)).toMatchObject(refused("KEY_DISABLED"));
    key.state = "Enabled";
    expect(await enableWith(key.arn)).toMatchObject({ ok: true });
  });
});

describe("whatever becomes of the process", () => {
  /** Sends it to a process that dies at the n-th point; false once it lives to answer. */
  async function diesAt(nth: number, send: (useCases: UseCases) => Promise<unknown>): Promise<boolean> {
    try {
      await send(createUseCases(crashAt(scenario.ports, nth).ports));
      return false;
    } catch (error) {
      if (error instanceof Crash) return true;
      throw error;
    }
  }

  it("a repeat makes one effect in the end", async () => {
    let points = 0;
    for (let nth = 1; ; nth++) {
      const key = `crash ${nth}`;
      const before = await backups();
      const died = await diesAt(nth, (useCases) => startBackup(key, {}, useCases));
      const committed = (await backups()) > before;
      const at = await startBackup(key);
      // A claim without an effect stands for a minute: nobody knows yet that its holder is dead.
      if (committed) expect(at.ok).toBe(true);
      else if (!at.ok) expect(at).toMatchObject(refused("REQUEST_IN_PROGRESS"));
      await scenario.ports.clock.advance(CLAIM_MS + 1);
      await must(startBackup(key));
      await must(startBackup(key));
      expect(await backups()).toBe(before + 1n);
      if (!died) break;
      points = nth;
    }
    expect(points).toBeGreaterThan(15);
  });

  it("an answer that was lost after the commit is given again, without a call to KMS", async () => {
    const key = scenario.keyFor(account);
    let nth = 1;
    while ((await scenario.stored(account)).ekm.status !== "ENABLED") {
      await diesAt(nth++, (useCases) => enableWith(key.arn, useCases));
      await scenario.ports.clock.advance(CLAIM_MS + 1);
    }
    scenario.ports.kms.calls.length = 0;
    const answer = await enableWith(key.arn);
    expect(answer).toMatchObject({ ok: true, value: { account: { ekm: { status: "ENABLED" } } } });
    expect(answer.checks.length).toBeGreaterThan(0);
    expect(scenario.ports.kms.calls).toEqual([]);
    await expectEnabled(scenario, account, key.arn);
  });

  it("a process that was taken for dead writes nothing when it wakes", async () => {
    const key = scenario.keyFor(account);
    let asleep = true;
    scenario.ports.kms.hooks.before = async () => {
      if (!asleep) return;
      asleep = false;
      await scenario.ports.clock.advance(CLAIM_MS + 1);
      expect(await enableWith(key.arn)).toMatchObject({ ok: true });
    };
    expect(await enableWith(key.arn)).toMatchObject({ ok: false });
    await expectEnabled(scenario, account, key.arn);
    expect(await scenario.ports.store.read.audit.count(account.id, { action: "TERMS_ACCEPTED" })).toBe(1n);
  });

  it("and one that loses its claim between effect and commit undoes the effect", async () => {
    const { store } = scenario.ports;
    let stolen = false;
    const ports: Ports = {
      ...scenario.ports,
      store: {
        ...store,
        read: store.read,
        transaction: (work) =>
          store.transaction((tx) => {
            const insert = tx.backups.insert;
            tx.backups.insert = async (row) => {
              await insert(row);
              const claim = await tx.idempotency.find(account.id, "startBackup", "k");
              if (claim && !stolen) await tx.idempotency.release(claim);
              stolen = true;
            };
            return work(tx);
          }),
      },
    };
    expect(await startBackup("k", {}, createUseCases(ports))).toMatchObject(refused("REQUEST_IN_PROGRESS"));
    expect(await backups()).toBe(0n);
  });

  it("a bug lets go of the claim, so that the repeat need not wait", async () => {
    const { ids } = scenario.ports;
    const broken = createUseCases({
      ...scenario.ports,
      ids: {
        next: (prefix) => {
          if (prefix === "bkp") throw new TypeError("a bug");
          return ids.next(prefix);
        },
      },
    });
    await expect(startBackup("k", {}, broken)).rejects.toThrow("a bug");
    await must(startBackup());
    expect(await backups()).toBe(1n);
  });
});

describe("a record", () => {
  it("is kept for seven days", async () => {
    const worker = createWorkerUseCases(scenario.ports);
    const DAY = 24 * 3600 * 1000;
    const first = await must(startBackup());
    await scenario.ports.clock.advance(7 * DAY);
    expect(await worker.deleteOldIdempotencyRecords()).toBe(0);
    expect(await must(startBackup())).toEqual(first);
    await scenario.ports.clock.advance(1);
    expect(await worker.deleteOldIdempotencyRecords()).toBe(1);
    expect(await must(startBackup())).not.toEqual(first);
  });
});
