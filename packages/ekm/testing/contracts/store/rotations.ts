import { describe, expect, it } from "vitest";
import type { Job } from "../../../src/jobs/job.js";
import { type Store, StoreError } from "../../../src/ports/store.js";
import type { GenerationFailure, KeyRotation, RotationStatus } from "../../../src/rotation/rotation.js";
import { at, claimOne, enqueue, idsOf, insertAccount, problem, rotation, walk } from "./fixtures.js";

export function rotationsContract(store: () => Store): void {
  const insert = async (accountId: string, over: Partial<KeyRotation> = {}) => {
    const made = rotation(accountId, over);
    await store().transaction((tx) => tx.rotations.insert(made));
    return made;
  };
  const insertNew = async (over: Partial<KeyRotation> = {}) => insert((await insertAccount(store())).id, over);
  const load = (id: string) => store().read.rotations.byId(id);
  const save = (row: KeyRotation, expected: RotationStatus) => store().transaction((tx) => tx.rotations.save(row, expected));
  const saveFenced = (row: KeyRotation, expected: RotationStatus, job: Job) =>
    store().transaction((tx) => tx.rotations.saveFenced(row, expected, job));

  const paused = { status: "PAUSED", pausedBy: "KEY", pausedAt: at(7), problem: problem("KEY_DISABLED"), rewrapped: 1 } as const;
  const completed = {
    status: "COMPLETED",
    toMultiRegion: true,
    toWarnings: ["KEY_POLICY_TOO_WIDE"],
    rewrapped: 3,
    switchedAt: at(8),
    finishedAt: at(9),
    acceptsLoss: true,
    retirement: {
      jws: "header.claims.signature",
      keyId: "key-1",
      signedAt: at(9),
      safeToRetireAfter: at(90),
      generationsCounted: 3,
      backupsCovered: 2n ** 52n,
    },
  } as const;

  describe("rotations", () => {
    it("answers null for an unknown id and keeps every field", async () => {
      expect(await load("rot_unknown")).toBeNull();
      for (const over of [{}, paused, completed]) {
        const made = await insertNew(over);
        expect(await load(made.id)).toStrictEqual(made);
      }
    });

    it("saves all fields while the status is as expected", async () => {
      const made = await insertNew();
      expect(await save({ ...made, ...paused }, "RUNNING")).toBe(true);
      expect(await load(made.id)).toStrictEqual({ ...made, ...paused });
      expect(await save(made, "PAUSED"), "absent again").toBe(true);
      expect(await load(made.id)).toStrictEqual(made);
      expect(await save({ ...made, ...completed }, "RUNNING")).toBe(true);
      expect(await load(made.id)).toStrictEqual({ ...made, ...completed });
    });

    it("refuses a save when the status changed meanwhile, or the rotation is unknown", async () => {
      const made = await insertNew(paused);
      expect(await save({ ...made, status: "CANCELLED" }, "RUNNING")).toBe(false);
      expect(await save(rotation(made.accountId), "RUNNING")).toBe(false);
      expect(await load(made.id)).toStrictEqual(made);
      expect(await store().read.rotations.count(made.accountId)).toBe(1n);
    });

    it("lets one of two that change it at once win", async () => {
      const made = await insertNew();
      const answers = await Promise.all([
        save({ ...made, status: "CANCELLED", finishedAt: at(9) }, "RUNNING"),
        save({ ...made, ...paused, pausedBy: "ADMIN" }, "RUNNING"),
      ]);
      expect([...answers].sort()).toEqual([false, true]);
      expect((await load(made.id))?.status).toBe(answers[0] ? "CANCELLED" : "PAUSED");
    });

    it("takes the worker's write under its fence and the expected status alone", async () => {
      const made = await insertNew();
      await enqueue(store(), made.accountId, "ROTATION", 1, made.id);
      const lost = await claimOne(store(), "worker-1", 0);
      const job = await claimOne(store(), "worker-2");
      const progressed = { ...made, rewrapped: 2 };
      expect(await saveFenced(progressed, "RUNNING", lost), "stale fence").toBe(false);
      expect(await saveFenced(progressed, "RUNNING", { ...job, fence: job.fence + 1 })).toBe(false);
      expect(await saveFenced(progressed, "PAUSED", job), "another status").toBe(false);
      expect(await load(made.id)).toStrictEqual(made);
      expect(await saveFenced(progressed, "RUNNING", job)).toBe(true);
      expect(await load(made.id)).toStrictEqual(progressed);

      expect(await save({ ...progressed, status: "PAUSED", pausedBy: "ADMIN", pausedAt: at(7) }, "RUNNING")).toBe(true);
      expect(await saveFenced({ ...made, ...completed }, "RUNNING", job), "the admin was first").toBe(false);
      await store().transaction((tx) => tx.jobs.release(job, 0));
      expect(await saveFenced({ ...made, ...completed }, "PAUSED", job), "released").toBe(false);
      expect(await load(made.id)).toMatchObject({ status: "PAUSED", rewrapped: 2 });
    });

    it("has one rotation of an account that runs or is paused, and any number that ended", async () => {
      const { id } = await insertAccount(store());
      for (const status of ["FAILED", "CANCELLED", "COMPLETED", "FAILED"] as const) await insert(id, { status });
      const active = await insert(id, paused);
      for (const status of ["RUNNING", "PAUSED"] as const) {
        await expect(insert(id, { status })).rejects.toBeInstanceOf(StoreError);
      }
      await insertNew();
      expect(await save({ ...active, status: "CANCELLED" }, "PAUSED")).toBe(true);
      const next = await insert(id);
      await expect(save({ ...active, status: "RUNNING" }, "CANCELLED")).rejects.toBeInstanceOf(StoreError);
      expect(await load(next.id)).toStrictEqual(next);
    });

    it("lets one of two begin when both do at once", async () => {
      const { id } = await insertAccount(store());
      const begun = await Promise.allSettled([insert(id), insert(id), insert(id)]);
      expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await store().read.rotations.count(id)).toBe(1n);
    });

    it("pages and counts those of one account, newest first", async () => {
      const { id } = await insertAccount(store());
      await insertNew();
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) made.unshift((await insert(id, { status: "CANCELLED" })).id);
      const { items, pages } = await walk(2, (request) => store().read.rotations.page(id, request));
      expect(idsOf(items)).toEqual(made);
      expect(pages).toBe(3);
      expect(await store().read.rotations.count(id)).toBe(5n);
      expect(await store().read.rotations.count("acc_unknown")).toBe(0n);
    });
  });

  describe("generation failures", () => {
    const failure = (rotationId: string, generation: number, over: Partial<GenerationFailure> = {}): GenerationFailure => ({
      rotationId,
      generation,
      backups: 2n ** 52n,
      problem: problem("ACCOUNT_KEY_UNREADABLE"),
      ...over,
    });
    const put = (one: GenerationFailure) => store().transaction((tx) => tx.rotations.putFailure(one));

    it("lists those of one rotation, ascending by generation, the last one put of each", async () => {
      const one = await insertNew();
      const two = await insertNew();
      const renewed = failure(one.id, 9, { backups: 0n, problem: problem("KEY_MISMATCH") });
      for (const put1 of [failure(one.id, 10), failure(one.id, 9), failure(two.id, 1), renewed]) await put(put1);
      expect(await store().read.rotations.failures(one.id)).toStrictEqual([renewed, failure(one.id, 10)]);
      expect(await store().read.rotations.failures("rot_unknown")).toEqual([]);
    });

    it("deletes those of one rotation", async () => {
      const one = await insertNew();
      const two = await insertNew();
      for (const put1 of [failure(one.id, 1), failure(one.id, 2), failure(two.id, 1)]) await put(put1);
      await store().transaction((tx) => tx.rotations.deleteFailures(one.id));
      expect(await store().read.rotations.failures(one.id)).toEqual([]);
      expect(await store().read.rotations.failures(two.id)).toStrictEqual([failure(two.id, 1)]);
    });
  });
}
