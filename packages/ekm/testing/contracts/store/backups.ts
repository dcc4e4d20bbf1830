import { describe, expect, it } from "vitest";
import type { Backup, Restore } from "../../../src/jobs/job.js";
import type { Store } from "../../../src/ports/store.js";
import { at, backup, idsOf, insertAccount, insertBackup, insertSource, problem, restore, source, walk } from "./fixtures.js";
import { cancelling, fencing, finished } from "./job-rows.js";

const finishedBackup = {
  ...finished,
  createdUnder: "ENTERPRISE",
  generation: 2,
  manifest: { objectName: "bkp/1/manifest", digest: "ef".repeat(32), version: 1 },
  bytes: 2n ** 52n,
  items: 3n,
  lastSealedAt: at(7),
} as const;

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
    cancelling(
      store,
      async (over) => insertBackup(store(), await insertSource(store()), over),
      (of) => of.backups,
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

    it("counts the succeeded backups of an account by generation", async () => {
      const from = await insertSource(store());
      expect(await store().read.backups.countByGeneration(from.accountId)).toEqual(new Map());
      for (const generation of [1, 2, 2, 10]) await insertBackup(store(), from, { ...finishedBackup, generation });
      await insertBackup(store(), from, { ...finishedBackup, generation: 3, status: "FAILED" });
      await insertBackup(store(), from, { status: "RUNNING", generation: 2 });
      await insertBackup(store(), await insertSource(store()), finishedBackup);
      const counted = await store().read.backups.countByGeneration(from.accountId);
      expect([...counted].sort(([a], [b]) => a - b)).toEqual([
        [1, 1n],
        [2, 2n],
        [10, 1n],
      ]);
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
    cancelling(
      store,
      async (over) => insertRestore(await insertBackup(store(), await insertSource(store())), over),
      (of) => of.restores,
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
