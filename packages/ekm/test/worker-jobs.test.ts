// Invariant: a job's effect, its audit entry and its completion commit together, by the holder of the fence alone; whoever
// lost the fence writes nothing.
import { describe, expect, it } from "vitest";
import { createWorkerUseCases, JOB_LEASE_MS, problem, type RestoreEnd } from "../src/index.js";
import { MAX_ATTEMPTS } from "../src/worker/job-lease.js";
import { createMemoryPorts, type MemoryPorts } from "../testing/index.js";
import { cloudAccount, stored } from "./support/accounts.js";
import { claim, queueBackup, queueRestore, SEALED, tryClaim } from "./support/jobs.js";

async function setUp() {
  const ports = createMemoryPorts();
  const account = await cloudAccount(ports);
  const worker = createWorkerUseCases(ports);
  const audit = async () =>
    (await ports.store.read.audit.chain(account.id, 0, 100)).map(({ action, outcome }) => [action, outcome]);
  const backupRow = (id: string) => stored(ports.store.read.backups.byId(id));
  const restoreRow = (id: string) => stored(ports.store.read.restores.byId(id));
  return { ports, account, worker, audit, backupRow, restoreRow };
}
const PROGRESS = { bytesDone: 50n, bytesTotal: 100n, itemsDone: 1n, itemsTotal: 3n };
const SEALED_AT = new Date("2026-01-05T08:00:02.000Z");

/** The first worker hangs until its lease has ended, and a second one takes over. */
async function takeOver(ports: MemoryPorts, kind: "BACKUP" | "RESTORE") {
  const stale = await claim(ports, kind, "first");
  await ports.clock.advance(JOB_LEASE_MS + 1);
  return { stale, job: await claim(ports, kind, "second") };
}

describe("a backup", () => {
  it("begins, reports, commits", async () => {
    const { ports, account, worker, audit, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const job = await claim(ports, "BACKUP");
    const begun = await worker.beginBackup(job);
    expect(begun).toMatchObject({ backup: { id, status: "RUNNING" }, source: { location: "/data" } });
    expect(await worker.heartbeat(job, { ...PROGRESS, lastSealedAt: SEALED_AT })).toBe("go-on");
    expect(await backupRow(id)).toMatchObject({ status: "RUNNING", progress: PROGRESS, lastSealedAt: SEALED_AT });
    expect(await worker.finishBackup(job, SEALED)).toBe(true);
    expect(await backupRow(id)).toMatchObject({
      ...SEALED,
      progress: { bytesDone: 100n, bytesTotal: 100n, itemsDone: 3n, itemsTotal: 3n },
      finishedAt: ports.clock.now(),
    });
    expect(await audit()).toEqual([["BACKUP", "DONE"]]);
    await ports.clock.advance(JOB_LEASE_MS + 1);
    expect(await tryClaim(ports, "BACKUP")).toBeNull();
  });

  it.each([
    ["KEY_DISABLED", "REFUSED"],
    ["KEYS_LOCKED", "REFUSED"],
    ["KMS_UNREACHABLE", "FAILED"],
    ["SOURCE_UNAVAILABLE", "FAILED"],
  ] as const)("that fails with %s is %s in the audit log", async (code, outcome) => {
    const { ports, account, worker, audit, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const job = await claim(ports, "BACKUP");
    await worker.beginBackup(job);
    expect(await worker.finishBackup(job, { status: "FAILED", problem: problem(code, { awsRequestId: "r-1" }) })).toBe(true);
    expect(await backupRow(id)).toMatchObject({ status: "FAILED", problem: { code } });
    expect(await audit()).toEqual([["BACKUP", outcome]]);
    expect((await ports.store.read.audit.chain(account.id, 0, 1))[0]?.awsRequestIds).toEqual(["r-1"]);
  });

  it("is stopped by a request to cancel, and says so", async () => {
    const { ports, account, worker, audit, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const job = await claim(ports, "BACKUP");
    await worker.beginBackup(job);
    const cancelled = { ...(await backupRow(id)), cancelRequestedAt: ports.clock.now() };
    await ports.store.transaction((tx) => tx.backups.saveFenced(cancelled, job));
    expect(await worker.heartbeat(job, PROGRESS)).toBe("cancel");
    expect(await worker.finishBackup(job, { status: "CANCELLED" })).toBe(true);
    expect((await backupRow(id)).status).toBe("CANCELLED");
    expect(await audit()).toEqual([["BACKUP", "FAILED"]]);
  });

  it("of a worker that lost its job writes nothing", async () => {
    const { ports, account, worker, audit, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const { stale, job } = await takeOver(ports, "BACKUP");
    await worker.beginBackup(job);
    const before = await backupRow(id);
    expect(await worker.beginBackup(stale)).toBeNull();
    expect(await worker.heartbeat(stale, PROGRESS)).toBe("fence-lost");
    expect(await worker.finishBackup(stale, SEALED)).toBe(false);
    expect(await backupRow(id)).toEqual(before);
    expect(await audit()).toEqual([]);
    expect(await worker.finishBackup(job, SEALED)).toBe(true);
    expect(await worker.finishBackup(job, SEALED)).toBe(false);
    expect(await audit()).toHaveLength(1);
  });

  it("that somebody has ended already is not ended again", async () => {
    const { ports, account, worker, audit, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const job = await claim(ports, "BACKUP");
    await worker.beginBackup(job);
    const ended = { ...(await backupRow(id)), status: "CANCELLED" as const };
    await ports.store.transaction((tx) => tx.backups.saveFenced(ended, job));
    expect(await worker.heartbeat(job, PROGRESS)).toBe("fence-lost");
    expect(await worker.finishBackup(job, SEALED)).toBe(false);
    expect(await backupRow(id)).toEqual(ended);
    expect(await audit()).toEqual([]);
  });

  it("keeps its job while it reports", async () => {
    const { ports, account, worker } = await setUp();
    await queueBackup(ports, account);
    const job = await claim(ports, "BACKUP");
    await worker.beginBackup(job);
    for (let n = 0; n < 5; n++) {
      await ports.clock.advance(JOB_LEASE_MS - 1_000);
      expect(await worker.heartbeat(job, PROGRESS)).toBe("go-on");
      expect(await tryClaim(ports, "BACKUP", "thief")).toBeNull();
    }
  });

  it("starts over when its worker died", async () => {
    const { ports, account, worker, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    const first = await claim(ports, "BACKUP");
    await worker.beginBackup(first);
    await worker.heartbeat(first, PROGRESS);
    const { startedAt } = await backupRow(id);
    await ports.clock.advance(JOB_LEASE_MS + 1);
    const again = await worker.beginBackup(await claim(ports, "BACKUP"));
    expect(again?.backup).toMatchObject({ status: "RUNNING", startedAt, progress: { bytesDone: 0n } });
  });

  it("ends as a fault of ours when it has taken too many workers down", async () => {
    const { ports, account, worker, backupRow } = await setUp();
    const { id } = await queueBackup(ports, account);
    for (let n = 0; n < MAX_ATTEMPTS; n++) {
      expect(await worker.beginBackup(await claim(ports, "BACKUP"))).not.toBeNull();
      await ports.clock.advance(JOB_LEASE_MS + 1);
    }
    expect(await worker.beginBackup(await claim(ports, "BACKUP"))).toBeNull();
    expect(await backupRow(id)).toMatchObject({ status: "FAILED", problem: { code: "INTERNAL" } });
  });

  it("with nothing to do is completed: ended, gone, cancelled before it began, without a source", async () => {
    const { ports, account, worker, backupRow } = await setUp();
    const ended = await queueBackup(ports, account, { status: "SUCCEEDED" });
    const cancelled = await queueBackup(ports, account, { cancelRequestedAt: ports.clock.now() });
    const sourceless = await queueBackup(ports, account, { sourceId: "src_gone" });
    await ports.store.transaction((tx) =>
      tx.jobs.enqueue({ id: "job_x", kind: "BACKUP", accountId: account.id, subjectId: "bkp_gone", at: ports.clock.now() }),
    );
    for (let n = 0; n < 4; n++) expect(await worker.beginBackup(await claim(ports, "BACKUP"))).toBeNull();
    await ports.clock.advance(JOB_LEASE_MS + 1);
    expect(await tryClaim(ports, "BACKUP")).toBeNull();
    expect((await backupRow(ended.id)).status).toBe("SUCCEEDED");
    expect((await backupRow(cancelled.id)).status).toBe("CANCELLED");
    expect(await backupRow(sourceless.id)).toMatchObject({ status: "FAILED", problem: { code: "SOURCE_UNAVAILABLE" } });
  });
});

describe("a restore", () => {
  const { status: _, ...row } = SEALED;
  const RELEASED_AT = new Date("2026-01-05T08:00:03.000Z");

  async function withBackup() {
    const parts = await setUp();
    const backup = await queueBackup(parts.ports, parts.account, { ...row, status: "SUCCEEDED" });
    return { ...parts, backup };
  }

  it("begins with its backup's manifest, reports what it released, ends", async () => {
    const { ports, worker, audit, restoreRow, backup } = await withBackup();
    const { id } = await queueRestore(ports, backup);
    const job = await claim(ports, "RESTORE");
    expect(await worker.beginRestore(job)).toMatchObject({
      restore: { id, status: "RUNNING" },
      backup: { generation: 1, manifest: SEALED.manifest },
    });
    expect(await worker.heartbeat(job, { ...PROGRESS, lastByteReleasedAt: RELEASED_AT })).toBe("go-on");
    expect(await restoreRow(id)).toMatchObject({ progress: PROGRESS, bytesReleased: 50n, lastByteReleasedAt: RELEASED_AT });
    const end: RestoreEnd = { status: "SUCCEEDED", contentDigest: "cd", bytesReleased: 100n, lastByteReleasedAt: RELEASED_AT };
    expect(await worker.finishRestore(job, end)).toBe(true);
    expect(await restoreRow(id)).toMatchObject({ ...end, finishedAt: ports.clock.now() });
    expect(await audit()).toEqual([["RESTORE", "DONE"]]);
  });

  it("that fails keeps the count and the time of the last byte", async () => {
    const { ports, worker, audit, restoreRow, backup } = await withBackup();
    const { id } = await queueRestore(ports, backup);
    const job = await claim(ports, "RESTORE");
    await worker.beginRestore(job);
    const end: RestoreEnd = {
      status: "FAILED",
      problem: problem("KEY_ACCESS_DENIED"),
      bytesReleased: 70n,
      lastByteReleasedAt: RELEASED_AT,
    };
    expect(await worker.finishRestore(job, end)).toBe(true);
    expect(await restoreRow(id)).toMatchObject(end);
    expect(await audit()).toEqual([["RESTORE", "REFUSED"]]);
  });

  it("of a worker that lost its job writes nothing", async () => {
    const { ports, worker, audit, restoreRow, backup } = await withBackup();
    const { id } = await queueRestore(ports, backup);
    const { stale, job } = await takeOver(ports, "RESTORE");
    await worker.beginRestore(job);
    const before = await restoreRow(id);
    expect(await worker.heartbeat(stale, PROGRESS)).toBe("fence-lost");
    expect(await worker.finishRestore(stale, { status: "CANCELLED", bytesReleased: 1n })).toBe(false);
    expect(await restoreRow(id)).toEqual(before);
    expect(await audit()).toEqual([]);
  });

  it.each([
    ["has not succeeded", { status: "FAILED" as const }],
    ["belongs to another account", { accountId: "acc_other" }],
  ])("of a backup that %s is refused", async (_, change) => {
    const { ports, account, worker, restoreRow } = await setUp();
    const backup = await queueBackup(ports, account, { ...row, status: "SUCCEEDED", ...change });
    const { id } = await queueRestore(ports, backup, { accountId: account.id });
    expect(await worker.beginRestore(await claim(ports, "RESTORE"))).toBeNull();
    expect(await restoreRow(id)).toMatchObject({ status: "FAILED", problem: { code: "BACKUP_NOT_RESTORABLE" } });
  });
});
