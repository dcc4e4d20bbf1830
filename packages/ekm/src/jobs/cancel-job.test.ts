import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import { createWorkerUseCases } from "../worker/create-worker-use-cases.js";
import type { WorkerUseCases } from "../worker/worker-use-cases.js";
import type { Backup, Job, JobKind, JobStatus } from "./job.js";

const refused = (code: string) => ({ ok: false, error: [expect.objectContaining({ code, field: ["input", "jobId"] })] });
const LEASE_MS = 15_000;

let scenario: Scenario;
let account: Account;
let worker: WorkerUseCases;
let done: Backup;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  worker = createWorkerUseCases(scenario.ports);
  done = await backupThat("SUCCEEDED");
});
const operator = () => tenantCaller(account, "BACKUP_OPERATOR");
const cancel = (jobId: string, caller = operator()) => scenario.useCases.cancelJob(caller, { jobId });
const claim = async (kind: JobKind): Promise<Job> => {
  const job = await scenario.ports.store.transaction((tx) => tx.jobs.claim("worker", [kind], LEASE_MS));
  if (!job) throw new Error(`no ${kind} job`);
  return job;
};
const noJob = async (kind: JobKind) => expect(claim(kind)).rejects.toThrow("no ");
const lastAudit = async () => (await scenario.ports.store.read.audit.page(account.id, { first: 1 }, {})).items[0];

async function must<T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value;
}

async function queuedBackup(): Promise<Backup> {
  const { useCases } = scenario;
  const source = { name: "crm", kind: "DIRECTORY", location: "/data/crm" } as const;
  const { id: sourceId } = await must(useCases.registerBackupSource(tenantCaller(account), source));
  return must(useCases.startBackup(operator(), { sourceId }));
}
async function backupThat(status: JobStatus): Promise<Backup> {
  const backup = await queuedBackup();
  const job = await claim("BACKUP");
  const manifest = { objectName: "a/b/1/manifest", digest: "ab", version: 1 };
  const ended = { ...backup, status, generation: 1, manifest };
  await scenario.ports.store.transaction(async (tx) => {
    await tx.backups.saveFenced(ended, job);
    await tx.jobs.complete(job);
  });
  return ended;
}

const START: Record<"backup" | "restore" | "verification", [JobKind, () => Promise<{ id: string }>]> = {
  backup: ["BACKUP", queuedBackup],
  restore: ["RESTORE", () => must(scenario.useCases.startRestore(operator(), { backupId: done.id }))],
  verification: ["VERIFICATION", () => must(scenario.useCases.startVerification(operator(), { backupId: done.id }))],
};
const begin = (job: Job) =>
  job.kind === "BACKUP"
    ? worker.beginBackup(job)
    : job.kind === "RESTORE"
      ? worker.beginRestore(job)
      : worker.beginVerification(job);

describe.each(Object.keys(START) as (keyof typeof START)[])("cancelling a %s", (kind) => {
  const [queueKind, start] = START[kind];

  it("that is queued ends it at once: no worker ever gets it", async () => {
    const { id } = await start();
    const answer = await cancel(id);
    expect(answer).toMatchObject({
      value: { kind, value: { id, status: "CANCELLED", finishedAt: scenario.ports.clock.now() } },
    });
    expect(await lastAudit()).toMatchObject({ action: queueKind, outcome: "FAILED", subject: id, actor: operator().subject });
    await noJob(queueKind);
  });

  it("that runs asks its worker, which ends it", async () => {
    const { id } = await start();
    const job = await claim(queueKind);
    expect(await begin(job)).not.toBeNull();
    const at = scenario.ports.clock.now();
    expect(await cancel(id)).toMatchObject({ value: { kind, value: { status: "RUNNING", cancelRequestedAt: at } } });
    expect(await lastAudit()).toMatchObject({ action: queueKind, outcome: "DONE", actor: operator().subject });
    expect(await worker.heartbeat(job, { bytesDone: 1n, itemsDone: 0n })).toBe("cancel");
  });

  it("that a worker holds, and has not begun, is left to that worker", async () => {
    const { id } = await start();
    const job = await claim(queueKind);
    expect(await cancel(id)).toMatchObject({ value: { value: { status: "QUEUED", cancelRequestedAt: expect.any(Date) } } });
    expect(await begin(job)).toBeNull();
    expect(await cancel(id)).toMatchObject({ value: { value: { status: "CANCELLED" } } });
  });

  it("whose worker died while it ran ends with its next worker", async () => {
    const { id } = await start();
    await begin(await claim(queueKind));
    await scenario.ports.clock.advance(LEASE_MS + 1);
    expect(await cancel(id)).toMatchObject({ value: { value: { status: "RUNNING" } } });
    expect(await begin(await claim(queueKind))).toBeNull();
    expect(await cancel(id)).toMatchObject({ value: { value: { status: "CANCELLED" } } });
  });

  it("again is harmless, and written once", async () => {
    const { id } = await start();
    const first = await cancel(id);
    const entries = await scenario.ports.store.read.audit.count(account.id, {});
    expect(await cancel(id)).toEqual(first);
    expect(await scenario.ports.store.read.audit.count(account.id, {})).toBe(entries);
  });
});

describe("cancelJob", () => {
  it.each(["SUCCEEDED", "FAILED"] as const)("leaves a job that %s as it is", async (status) => {
    const { id } = await backupThat(status);
    expect(await cancel(id)).toMatchObject(refused("JOB_CONFLICT"));
    expect(await scenario.ports.store.read.backups.byId(id)).toMatchObject({ status });
  });

  it("answers a foreign job as an unknown one, and what is no job at all", async () => {
    const other = await scenario.createAccount("Other");
    const { id } = await queuedBackup();
    for (const jobId of [id, "bkp_00000000000000000000000099"]) {
      expect(await cancel(jobId, tenantCaller(other))).toEqual(await cancel("bkp_00000000000000000000000098"));
    }
    for (const jobId of ["", "nonsense", account.id, "job_00000000000000000000000001"]) {
      expect(await cancel(jobId)).toMatchObject(refused("JOB_NOT_FOUND"));
    }
    expect(await scenario.ports.store.read.backups.byId(id)).toMatchObject({ status: "QUEUED" });
  });

  it("is not the viewer's business", async () => {
    const { id } = await queuedBackup();
    expect(await cancel(id, tenantCaller(account, "ACCOUNT_VIEWER"))).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });
});
