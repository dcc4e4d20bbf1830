import { describe, expect, it } from "vitest";
import type { Backup, Job, Restore } from "../../../src/jobs/job.js";
import type { Store } from "../../../src/ports/store.js";
import {
  at,
  backup,
  claimOne,
  enqueue,
  idsOf,
  insertAccount,
  insertBackup,
  insertSource,
  problem,
  restore,
  source,
  walk,
} from "./fixtures.js";

const running = {
  status: "RUNNING",
  startedAt: at(6),
  progress: { bytesDone: 10n, itemsDone: 1n, bytesTotal: 99n, itemsTotal: 3n },
} as const;

const finished = {
  status: "SUCCEEDED",
  progress: { bytesDone: 2n ** 52n, bytesTotal: 2n ** 52n, itemsDone: 3n, itemsTotal: 3n },
  startedAt: at(6),
  finishedAt: at(7),
  maxBytesPerSecond: 1_000_000n,
  cancelRequestedAt: at(6),
  contentDigest: "cd".repeat(32),
} as const;

const finishedBackup = {
  ...finished,
  createdUnder: "ENTERPRISE",
  generation: 2,
  manifest: { objectName: "bkp/1/manifest", digest: "ef".repeat(32), version: 1 },
  bytes: 2n ** 52n,
  items: 3n,
  lastSealedAt: at(7),
} as const;

/** The same rules for both kinds of row that a job writes. */
function fencing<T extends Backup | Restore>(
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

export function backupsContract(store: () => Store): void {
  describe("sources", () => {
    it("answers null for an unknown id and keeps every field", async () => {
      expect(await store().read.sources.byId("src_unknown")).toBeNull();
      const made = await insertSource(store());
      expect(await store().read.sources.byId(made.id)).toStrictEqual(made);
    });

    it("pages and counts those of one account, newest first", async () => {
      const { id } = await insertAccount(store());
      await insertSource(store());
      const made = [source(id), source(id), source(id)];
      for (const one of made) await store().transaction((tx) => tx.sources.insert(one));
      const { items, pages } = await walk(2, (request) => store().read.sources.page(id, request));
      expect(idsOf(items)).toEqual(idsOf(made).reverse());
      expect(pages).toBe(2);
      expect(await store().read.sources.count(id)).toBe(3n);
      expect(await store().read.sources.count("acc_unknown")).toBe(0n);
    });
  });

  describe("backups", () => {
    it("answers null for an unknown id and keeps every field", async () => {
      expect(await store().read.backups.byId("bkp_unknown")).toBeNull();
      const from = await insertSource(store());
      for (const over of [{}, finishedBackup, { status: "FAILED", problem: problem("KEY_DISABLED") } as const]) {
        const made = await insertBackup(store(), from, over);
        expect(await store().read.backups.byId(made.id)).toStrictEqual(made);
      }
    });

    fencing(
      store,
      async () => insertBackup(store(), await insertSource(store())),
      (row, job) => store().transaction((tx) => tx.backups.saveFenced(row, job)),
      (id) => store().read.backups.byId(id),
    );

    it("pages and counts by status and source, newest first", async () => {
      const from = await insertSource(store());
      const other = source(from.accountId);
      await store().transaction((tx) => tx.sources.insert(other));
      const stranger = await insertSource(store());
      await insertBackup(store(), stranger);
      const made = [
        backup(from),
        backup(from, { status: "FAILED" }),
        backup(other),
        backup(from),
        backup(other, { status: "FAILED" }),
      ];
      for (const one of made) await store().transaction((tx) => tx.backups.insert(one));
      for (const filter of [
        {},
        { status: "QUEUED" },
        { status: "FAILED" },
        { sourceId: from.id },
        { sourceId: from.id, status: "FAILED" },
        { sourceId: stranger.id },
      ] as const) {
        const expected = made
          .filter((one) => !("status" in filter) || one.status === filter.status)
          .filter((one) => !("sourceId" in filter) || one.sourceId === filter.sourceId);
        const { items } = await walk(2, (request) => store().read.backups.page(from.accountId, request, filter));
        expect(idsOf(items), JSON.stringify(filter)).toEqual(idsOf(expected).reverse());
        expect(await store().read.backups.count(from.accountId, filter)).toBe(BigInt(expected.length));
      }
    });

    it("sums the impact of succeeded backups, exactly beyond 2^53", async () => {
      const from = await insertSource(store());
      expect(await store().read.backups.impact(from.accountId)).toEqual({ backups: 0n, bytes: 0n, generations: 0 });
      await insertBackup(store(), from, { ...finishedBackup, generation: 1, bytes: 2n ** 53n - 1n });
      await insertBackup(store(), from, { ...finishedBackup, generation: 2, bytes: 2n ** 53n - 1n });
      await insertBackup(store(), from, { ...finishedBackup, generation: 2, bytes: 3n });
      await insertBackup(store(), from, { ...finishedBackup, generation: 3, status: "FAILED" });
      await insertBackup(store(), await insertSource(store()), finishedBackup);
      const impact = await store().read.backups.impact(from.accountId);
      expect(impact).toEqual({ backups: 3n, bytes: 2n ** 54n + 1n, generations: 2 });
    });
  });

  describe("restores", () => {
    const insertRestore = async (of: Backup, over: Partial<Restore> = {}) => {
      const made = restore(of, over);
      await store().transaction((tx) => tx.restores.insert(made));
      return made;
    };

    it("answers null for an unknown id and keeps every field", async () => {
      expect(await store().read.restores.byId("rst_unknown")).toBeNull();
      const of = await insertBackup(store(), await insertSource(store()));
      const full = {
        ...finished,
        overwrite: true,
        bytesReleased: 2n ** 52n,
        lastByteReleasedAt: at(7),
        problem: problem("KEY_DISABLED"),
      };
      for (const over of [{}, full]) {
        const made = await insertRestore(of, over);
        expect(await store().read.restores.byId(made.id)).toStrictEqual(made);
      }
    });

    fencing(
      store,
      async () => insertRestore(await insertBackup(store(), await insertSource(store()))),
      (row, job) => store().transaction((tx) => tx.restores.saveFenced(row, job)),
      (id) => store().read.restores.byId(id),
    );

    it("pages and counts by status, newest first", async () => {
      const of = await insertBackup(store(), await insertSource(store()));
      await insertRestore(await insertBackup(store(), await insertSource(store())));
      const made: Restore[] = [];
      for (const status of ["QUEUED", "FAILED", "QUEUED"] as const) made.unshift(await insertRestore(of, { status }));
      for (const filter of [{}, { status: "QUEUED" }, { status: "RUNNING" }] as const) {
        const expected = made.filter((one) => !("status" in filter) || one.status === filter.status);
        const { items } = await walk(1, (request) => store().read.restores.page(of.accountId, request, filter));
        expect(idsOf(items)).toEqual(idsOf(expected));
        expect(await store().read.restores.count(of.accountId, filter)).toBe(BigInt(expected.length));
      }
    });
  });
}
