import { expect, it } from "vitest";
import type { Backup, Job, Restore, Verification } from "../../../src/jobs/job.js";
import type { CancellableRepository, Store } from "../../../src/ports/store.js";
import { at, claimOne, enqueue } from "./fixtures.js";

type Row = Backup | Restore | Verification;

const running = {
  status: "RUNNING",
  startedAt: at(6),
  progress: { bytesDone: 10n, itemsDone: 1n, bytesTotal: 99n, itemsTotal: 3n },
} as const;

export const finished = {
  status: "SUCCEEDED",
  progress: { bytesDone: 2n ** 52n, bytesTotal: 2n ** 52n, itemsDone: 3n, itemsTotal: 3n },
  startedAt: at(6),
  finishedAt: at(7),
  maxBytesPerSecond: 1_000_000n,
  cancelRequestedAt: at(6),
  contentDigest: "cd".repeat(32),
} as const;

/** The same rules for every kind of row that a job writes. */
export function fencing<T extends Row>(
  store: () => Store,
  insert: () => Promise<T>,
  save: (row: T, job: Job) => Promise<boolean>,
  load: (id: string) => Promise<T | null>,
): void {
  const started = async (leaseMs?: number) => {
    const row = await insert();
    await enqueue(store(), row.accountId, "BACKUP", 1, row.id);
    return { row, job: await claimOne(store(), "worker-1", leaseMs), changed: { ...row, ...running } };
  };

  it("writes all fields under the fence", async () => {
    const { job, row, changed } = await started();
    expect(await save(changed, job)).toBe(true);
    expect(await load(row.id)).toStrictEqual(changed);
    expect(await save(row, job), "absent again").toBe(true);
    expect(await load(row.id)).toStrictEqual(row);
  });

  it("refuses the former owner once another has claimed the job", async () => {
    const { job, row, changed } = await started(0);
    const next = await claimOne(store(), "worker-2");
    expect(await save(changed, job)).toBe(false);
    expect(await load(row.id)).toStrictEqual(row);
    expect(await save(changed, next)).toBe(true);
  });

  it("refuses a fence that was never given, and a job that is released, complete or unknown", async () => {
    const { job, row, changed } = await started();
    expect(await save(changed, { ...job, fence: job.fence + 1 })).toBe(false);
    expect(await save(changed, { ...job, id: "job_unknown" })).toBe(false);
    await store().transaction((tx) => tx.jobs.release(job, 0));
    expect(await save(changed, job), "released").toBe(false);
    const again = await claimOne(store(), "worker-1");
    await store().transaction((tx) => tx.jobs.complete(again));
    expect(await save(changed, again), "complete").toBe(false);
    expect(await load(row.id)).toStrictEqual(row);
  });

  it("does not write half: the outcome and the job's completion go together", async () => {
    const { job, row, changed } = await started();
    const crash = store().transaction(async (tx) => {
      expect(await tx.jobs.complete(job)).toBe(true);
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await save(changed, job)).toBe(true);
    expect(await load(row.id)).toStrictEqual(changed);
  });
}

/** The same rules for every kind of row that can be cancelled. */
export function cancelling<T extends Row>(
  store: () => Store,
  insert: (over: Partial<Pick<Row, "status" | "cancelRequestedAt">>) => Promise<T>,
  repository: (of: Store["read"]) => CancellableRepository & { byId(id: string): Promise<T | null> },
): void {
  const requestCancel = (id: string, when: Date) => store().transaction((tx) => repository(tx).requestCancel(id, when));
  const cancelQueued = (id: string) => store().transaction((tx) => repository(tx).cancelQueued(id, at(9)));
  const load = (id: string) => repository(store().read).byId(id);

  it("notes a cancel request on what has not ended: the first one counts", async () => {
    for (const status of ["QUEUED", "RUNNING"] as const) {
      const row = await insert({ status });
      await requestCancel(row.id, at(8));
      await requestCancel(row.id, at(9));
      expect(await load(row.id)).toStrictEqual({ ...row, cancelRequestedAt: at(8) });
    }
  });

  it("notes no cancel request on what has ended, nor on what is unknown", async () => {
    for (const status of ["SUCCEEDED", "FAILED", "CANCELLED"] as const) {
      const row = await insert({ status });
      await requestCancel(row.id, at(8));
      expect(await load(row.id)).toStrictEqual(row);
    }
    await requestCancel("unknown", at(8));
    expect(await load("unknown")).toBeNull();
  });

  it("cancels what is queued, finished then, and nothing else of it or of others", async () => {
    const row = await insert({ status: "QUEUED", cancelRequestedAt: at(8) });
    const other = await insert({ status: "QUEUED" });
    expect(await cancelQueued(row.id)).toBe(true);
    expect(await load(row.id)).toStrictEqual({ ...row, status: "CANCELLED", finishedAt: at(9) });
    expect(await load(other.id)).toStrictEqual(other);
    expect(await cancelQueued(row.id), "once").toBe(false);
  });

  it("does not cancel what runs, has ended or is unknown", async () => {
    for (const status of ["RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const) {
      const row = await insert({ status });
      expect(await cancelQueued(row.id)).toBe(false);
      expect(await load(row.id)).toStrictEqual(row);
    }
    expect(await cancelQueued("unknown")).toBe(false);
  });
}
