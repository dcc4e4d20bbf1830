import { describe, expect, it } from "vitest";
import type { Backup, Verification } from "../../../src/jobs/job.js";
import type { Store } from "../../../src/ports/store.js";
import { insertBackup, insertSource, problem, verification } from "./fixtures.js";
import { cancelling, fencing, finished } from "./job-rows.js";

export function verificationsContract(store: () => Store): void {
  const insert = async (of: Backup, over: Partial<Verification> = {}) => {
    const made = verification(of, over);
    await store().transaction((tx) => tx.verifications.insert(made));
    return made;
  };
  const insertNew = async (over: Partial<Verification> = {}) =>
    insert(await insertBackup(store(), await insertSource(store())), over);

  describe("verifications", () => {
    it("answers null for an unknown id and keeps every field", async () => {
      expect(await store().read.verifications.byId("vrf_unknown")).toBeNull();
      const of = await insertBackup(store(), await insertSource(store()));
      const { contentDigest: _notOfVerifications, ...ended } = finished;
      for (const over of [{}, { ...ended, samplePercent: 5, problem: problem("BACKUP_CORRUPT") }]) {
        const made = await insert(of, over);
        expect(await store().read.verifications.byId(made.id)).toStrictEqual(made);
      }
    });

    fencing(
      store,
      () => insertNew(),
      (row, job) => store().transaction((tx) => tx.verifications.saveFenced(row, job)),
      (id) => store().read.verifications.byId(id),
    );
    cancelling(store, insertNew, (of) => of.verifications);
  });
}
