import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import { problem } from "../errors/catalog.js";
import { createWorkerUseCases } from "../worker/create-worker-use-cases.js";
import type { Backup, Job, Verification } from "./job.js";

const refused = (code: string, field: string) => ({
  ok: false,
  error: [expect.objectContaining({ code, field: ["input", field] })],
});
const LEASE_MS = 15_000;

let scenario: Scenario;
let account: Account;
let backup: Backup;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  backup = {
    ...{ id: scenario.ports.ids.next("bkp"), accountId: account.id, sourceId: "src_1", status: "SUCCEEDED" },
    ...{ progress: { bytesDone: 9n, itemsDone: 1n }, createdAt: scenario.ports.clock.now(), createdUnder: "CLOUD" },
    ...{ requestedBy: "ada", generation: 1, manifest: { objectName: "a/b/1/manifest", digest: "ab", version: 1 } },
  };
  await scenario.ports.store.transaction((tx) => tx.backups.insert(backup));
});
const operator = () => tenantCaller(account, "BACKUP_OPERATOR");
const start = (more: { backupId?: string; samplePercent?: number } = {}) =>
  scenario.useCases.startVerification(operator(), { backupId: backup.id, ...more });
const claim = () => scenario.ports.store.transaction((tx) => tx.jobs.claim("worker", ["VERIFICATION"], LEASE_MS));
const lastAudit = async () => (await scenario.ports.store.read.audit.page(account.id, { first: 1 }, {})).items[0];

async function begun(): Promise<{ job: Job; row: () => Promise<Verification | null> }> {
  const started = await start();
  const job = await claim();
  if (!started.ok || !job) throw new Error("not started");
  return { job, row: () => scenario.ports.store.read.verifications.byId(started.value.id) };
}

describe("startVerification", () => {
  it("writes the verification, its job and its audit entry together", async () => {
    const started = await start({ samplePercent: 7 });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    const { id } = started.value;
    expect(started.value).toMatchObject({ backupId: backup.id, samplePercent: 7, status: "QUEUED", accountId: account.id });
    expect(await scenario.ports.store.read.verifications.byId(id)).toEqual(started.value);
    expect(await claim()).toMatchObject({ kind: "VERIFICATION", subjectId: id, accountId: account.id });
    expect(await lastAudit()).toMatchObject({ action: "VERIFICATION", outcome: "DONE", subject: id });
    expect(await scenario.useCases.queries.node(operator(), id)).toEqual({
      ok: true,
      value: { kind: "verification", value: started.value },
    });
  });

  it("opens everything unless a sample is asked for", async () => {
    expect(await start()).toMatchObject({ value: { samplePercent: 100 } });
  });

  it.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("takes no sample of %s percent", async (samplePercent) => {
    expect(await start({ samplePercent })).toMatchObject(refused("INPUT_INVALID", "samplePercent"));
    expect(await claim()).toBeNull();
  });

  it("verifies only what has succeeded, of this account, with keys that are not locked", async () => {
    for (const backupId of ["", "bkp_00000000000000000000000099", account.id]) {
      expect(await start({ backupId })).toMatchObject(refused("BACKUP_NOT_FOUND", "backupId"));
    }
    const failed: Backup = { ...backup, id: scenario.ports.ids.next("bkp"), status: "FAILED" };
    await scenario.ports.store.transaction((tx) => tx.backups.insert(failed));
    expect(await start({ backupId: failed.id })).toMatchObject(refused("BACKUP_NOT_RESTORABLE", "backupId"));
    await scenario.useCases.lockAccountKeys(tenantCaller(account), { reason: "r" });
    expect(await start()).toMatchObject({ error: [{ code: "KEYS_LOCKED" }] });
    expect(await claim()).toBeNull();
  });

  it("is for admins and operators", async () => {
    const viewer = tenantCaller(account, "ACCOUNT_VIEWER");
    const answer = await scenario.useCases.startVerification(viewer, { backupId: backup.id });
    expect(answer).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });
});

describe("a verification in its worker's hands", () => {
  const PROGRESS = { bytesDone: 3n, bytesTotal: 9n, itemsDone: 1n, itemsTotal: 2n };
  const SUCCEEDED = { status: "SUCCEEDED", objectsVerified: 2n, bytesVerified: 9n } as const;

  it("begins with the backup's manifest, reports, ends", async () => {
    const { job, row } = await begun();
    const worker = createWorkerUseCases(scenario.ports);
    expect(await worker.beginVerification(job)).toMatchObject({
      verification: { status: "RUNNING", startedAt: scenario.ports.clock.now() },
      backup: { generation: 1, manifest: backup.manifest },
    });
    expect(await worker.heartbeat(job, PROGRESS)).toBe("go-on");
    expect(await row()).toMatchObject({ status: "RUNNING", progress: PROGRESS });
    expect(await worker.finishVerification(job, SUCCEEDED)).toBe(true);
    const progress = { bytesDone: 9n, bytesTotal: 9n, itemsDone: 2n, itemsTotal: 2n };
    expect(await row()).toMatchObject({ status: "SUCCEEDED", progress, finishedAt: scenario.ports.clock.now() });
    expect(await lastAudit()).toMatchObject({ action: "VERIFICATION", outcome: "DONE", detail: "The verification succeeded." });
    await scenario.ports.clock.advance(LEASE_MS + 1);
    expect(await claim()).toBeNull();
  });

  it.each([
    ["BACKUP_CORRUPT", "FAILED"],
    ["KEYS_LOCKED", "REFUSED"],
  ] as const)("that fails with %s is %s in the audit log", async (code, outcome) => {
    const { job, row } = await begun();
    const worker = createWorkerUseCases(scenario.ports);
    await worker.beginVerification(job);
    expect(await worker.finishVerification(job, { status: "FAILED", problem: problem(code) })).toBe(true);
    expect(await row()).toMatchObject({ status: "FAILED", problem: { code } });
    expect(await lastAudit()).toMatchObject({ action: "VERIFICATION", outcome });
  });

  it("writes nothing once its job is another's", async () => {
    const { job: stale, row } = await begun();
    const worker = createWorkerUseCases(scenario.ports);
    await scenario.ports.clock.advance(LEASE_MS + 1);
    const job = await claim();
    if (!job) throw new Error("no job");
    await worker.beginVerification(job);
    const before = await row();
    expect(await worker.beginVerification(stale)).toBeNull();
    expect(await worker.heartbeat(stale, PROGRESS)).toBe("fence-lost");
    expect(await worker.finishVerification(stale, SUCCEEDED)).toBe(false);
    expect(await row()).toEqual(before);
    expect(await worker.finishVerification(job, { status: "CANCELLED" })).toBe(true);
    expect(await worker.finishVerification(job, SUCCEEDED)).toBe(false);
  });

  it("ends without beginning when its backup cannot be read", async () => {
    const worker = createWorkerUseCases(scenario.ports);
    const unreadable = await begun();
    const { manifest: _, ...without } = backup;
    await scenario.ports.store.transaction((tx) => tx.backups.saveFenced({ ...without, status: "FAILED" }, unreadable.job));
    expect(await worker.beginVerification(unreadable.job)).toBeNull();
    expect(await unreadable.row()).toMatchObject({ status: "FAILED", problem: { code: "BACKUP_NOT_RESTORABLE" } });
  });

  it("ends as a fault of ours when it has taken too many workers down", async () => {
    const worker = createWorkerUseCases(scenario.ports);
    const { job, row } = await begun();
    expect(await worker.beginVerification({ ...job, attempts: 21 })).toBeNull();
    expect(await row()).toMatchObject({ status: "FAILED", problem: { code: "INTERNAL" } });
  });
});
