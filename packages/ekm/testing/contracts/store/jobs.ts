import { describe, expect, it } from "vitest";
import type { Job } from "../../../src/jobs/job.js";
import type { Store } from "../../../src/ports/store.js";
import { ALL_KINDS, claim, claimOne, enqueue, insertAccount, LONG_MS } from "./fixtures.js";

export function jobsContract(store: () => Store): void {
  const renew = (job: Job, leaseMs = LONG_MS) => store().transaction((tx) => tx.jobs.renew(job, leaseMs));
  const complete = (job: Job) => store().transaction((tx) => tx.jobs.complete(job));
  const release = (job: Job, delayMs: number) => store().transaction((tx) => tx.jobs.release(job, delayMs));

  describe("job queue", () => {
    it("answers null when there is nothing to claim", async () => {
      expect(await claim(store(), "w")).toBeNull();
    });

    it("gives a job with its first fence to one claimant", async () => {
      const { id: accountId } = await insertAccount(store());
      const id = await enqueue(store(), accountId, "BACKUP", 1, "bkp_1");
      expect(await claim(store(), "w")).toStrictEqual({
        id,
        kind: "BACKUP",
        accountId,
        subjectId: "bkp_1",
        fence: 1,
        attempts: 1,
      });
      expect(await claim(store(), "w")).toBeNull();
    });

    it("does not give a job that was rolled back", async () => {
      const { id: accountId } = await insertAccount(store());
      const work = store().transaction(async (tx) => {
        await tx.jobs.enqueue({ id: "job_1", kind: "BACKUP", accountId, subjectId: "bkp_1", at: new Date(0) });
        throw new Error("refused");
      });
      await expect(work).rejects.toThrow("refused");
      expect(await claim(store(), "w")).toBeNull();
    });

    it("gives restores before backups before the rest, the oldest first", async () => {
      const { id } = await insertAccount(store());
      const order: [Job["kind"], number][] = [
        ["ROTATION", 1],
        ["BACKUP", 9],
        ["VERIFICATION", 2],
        ["BACKUP", 3],
        ["RESTORE", 10],
        ["RESTORE", 8],
        ["SUPERSEDE", 4],
      ];
      const ids = new Map<string, string>();
      for (const [kind, minutes] of order) ids.set(await enqueue(store(), id, kind, minutes), `${kind} ${minutes}`);
      const claimed: (string | undefined)[] = [];
      for (let job = await claim(store(), "w"); job; job = await claim(store(), "w")) claimed.push(ids.get(job.id));
      expect(claimed).toEqual(["RESTORE 8", "RESTORE 10", "BACKUP 3", "BACKUP 9", "ROTATION 1", "VERIFICATION 2", "SUPERSEDE 4"]);
    });

    it("gives only the kinds asked for", async () => {
      const { id } = await insertAccount(store());
      await enqueue(store(), id, "RESTORE", 1);
      const rotation = await enqueue(store(), id, "ROTATION", 2);
      expect(await claim(store(), "w", LONG_MS, ["ROTATION", "SUPERSEDE"])).toMatchObject({ id: rotation });
      expect(await claim(store(), "w", LONG_MS, ["ROTATION", "SUPERSEDE"])).toBeNull();
      expect(await claim(store(), "w", LONG_MS, [])).toBeNull();
    });

    it("gives a job whose lease ended again, under a higher fence, and refuses the former owner", async () => {
      const { id } = await insertAccount(store());
      await enqueue(store(), id, "BACKUP", 1);
      const first = await claimOne(store(), "one", 0);
      const second = await claimOne(store(), "two");
      expect(second).toStrictEqual({ ...first, fence: first.fence + 1, attempts: 2 });
      expect(await renew(first)).toBe(false);
      expect(await complete(first)).toBe(false);
      expect(await release(first, 0)).toBe(false);
      expect(await renew(second)).toBe(true);
      expect(await complete(second)).toBe(true);
    });

    it("lets the owner renew a lease that ended while nobody claimed it", async () => {
      const { id } = await insertAccount(store());
      await enqueue(store(), id, "BACKUP", 1);
      const job = await claimOne(store(), "one", 0);
      expect(await renew(job)).toBe(true);
      expect(await claim(store(), "two")).toBeNull();
      expect(await renew(job, 0), "and give it up").toBe(true);
      expect(await claim(store(), "two")).toMatchObject({ fence: job.fence + 1 });
    });

    it("forgets a job that is complete", async () => {
      const { id } = await insertAccount(store());
      await enqueue(store(), id, "BACKUP", 1);
      const job = await claimOne(store(), "one", 0);
      expect(await complete(job)).toBe(true);
      expect(await complete(job)).toBe(false);
      expect(await renew(job)).toBe(false);
      expect(await claim(store(), "two")).toBeNull();
    });

    it("holds a released job back until its delay is over, and its fence is void at once", async () => {
      const { id } = await insertAccount(store());
      await enqueue(store(), id, "BACKUP", 1);
      const first = await claimOne(store(), "one");
      expect(await release(first, 0)).toBe(true);
      expect(await renew(first)).toBe(false);
      const second = await claimOne(store(), "two");
      expect(second.fence).toBe(first.fence + 1);
      expect(await release(second, LONG_MS)).toBe(true);
      expect(await complete(second)).toBe(false);
      expect(await claim(store(), "three")).toBeNull();
    });

    it("tells whether there is something to claim, as claim would find it", async () => {
      const { id } = await insertAccount(store());
      const hasClaimable = (...kinds: Job["kind"][]) => store().read.jobs.hasClaimable(kinds);
      expect(await hasClaimable("BACKUP", "RESTORE")).toBe(false);
      await enqueue(store(), id, "BACKUP", 1);
      expect(await hasClaimable("BACKUP", "RESTORE")).toBe(true);
      expect(await hasClaimable("RESTORE", "ROTATION")).toBe(false);
      expect(await hasClaimable()).toBe(false);
      const ended = await claimOne(store(), "one", 0);
      expect(await hasClaimable("BACKUP"), "its lease ended").toBe(true);
      expect(await renew(ended)).toBe(true);
      expect(await hasClaimable("BACKUP"), "held").toBe(false);
      expect(await release(ended, LONG_MS)).toBe(true);
      expect(await hasClaimable("BACKUP"), "held back").toBe(false);
      await store().transaction(async (tx) => {
        await tx.jobs.enqueue({ id: "job_1", kind: "BACKUP", accountId: id, subjectId: "bkp_1", at: new Date(0) });
        expect(await hasClaimable("BACKUP"), "not yet committed").toBe(false);
      });
      expect(await hasClaimable("BACKUP")).toBe(true);
    });

    it("passes over the jobs of accounts that it is told to leave", async () => {
      const busy = await insertAccount(store());
      const other = await insertAccount(store());
      await enqueue(store(), busy.id, "RESTORE", 1);
      expect(await store().read.jobs.hasClaimable(ALL_KINDS, [busy.id])).toBe(false);
      const later = await enqueue(store(), other.id, "BACKUP", 2);
      expect(await store().read.jobs.hasClaimable(ALL_KINDS, [busy.id])).toBe(true);
      const claimed = await store().transaction((tx) => tx.jobs.claim("w", ALL_KINDS, LONG_MS, [busy.id]));
      expect(claimed?.id).toBe(later);
      expect(await store().transaction((tx) => tx.jobs.claim("w", ALL_KINDS, LONG_MS, [busy.id, other.id]))).toBeNull();
    });

    it("removes the job of a subject that nobody holds", async () => {
      const { id } = await insertAccount(store());
      const removeFree = (kind: Job["kind"], subjectId: string) =>
        store().transaction((tx) => tx.jobs.removeFree(kind, subjectId));
      await enqueue(store(), id, "BACKUP", 1, "bkp_1");
      const other = await enqueue(store(), id, "BACKUP", 2, "bkp_2");
      expect(await removeFree("RESTORE", "bkp_1"), "another kind").toBe(false);
      expect(await removeFree("BACKUP", "bkp_unknown")).toBe(false);
      expect(await removeFree("BACKUP", "bkp_1")).toBe(true);
      expect(await removeFree("BACKUP", "bkp_1")).toBe(false);
      expect(await claimOne(store(), "w")).toMatchObject({ id: other });
      expect(await removeFree("BACKUP", "bkp_2"), "held").toBe(false);
      expect(await claim(store(), "w")).toBeNull();
    });

    it("removes a job that is held back, and one whose lease ended, whose former owner then has no fence", async () => {
      const { id } = await insertAccount(store());
      const removeFree = (subjectId: string) => store().transaction((tx) => tx.jobs.removeFree("BACKUP", subjectId));
      await enqueue(store(), id, "BACKUP", 1, "bkp_1");
      await release(await claimOne(store(), "w"), LONG_MS);
      expect(await removeFree("bkp_1")).toBe(true);
      await enqueue(store(), id, "BACKUP", 1, "bkp_2");
      const lost = await claimOne(store(), "w", 0);
      expect(await removeFree("bkp_2")).toBe(true);
      expect(await renew(lost)).toBe(false);
      expect(await complete(lost)).toBe(false);
      expect(await claim(store(), "w")).toBeNull();
    });

    it("either removes a queued job or gives it to a claimant, when both ask at once", async () => {
      const { id } = await insertAccount(store());
      for (let round = 0; round < 6; round += 1) {
        const subjectId = `bkp_${round}`;
        await enqueue(store(), id, "BACKUP", 1, subjectId);
        const answers: boolean[] = [];
        const asked = [
          async () => answers.push((await claim(store(), "w")) !== null),
          async () => answers.push(await store().transaction((tx) => tx.jobs.removeFree("BACKUP", subjectId))),
        ];
        await Promise.all((round % 2 ? asked : asked.reverse()).map((ask) => ask()));
        expect(answers.sort()).toEqual([false, true]);
      }
    });

    it("gives every job once, however many claim at the same time", async () => {
      const { id } = await insertAccount(store());
      const jobs: string[] = [];
      for (let i = 0; i < 10; i += 1) jobs.push(await enqueue(store(), id, "BACKUP", i));
      const claims = await Promise.all(Array.from({ length: 25 }, (_, i) => claim(store(), `w${i}`)));
      expect(claims.flatMap((job) => (job ? [job.id] : [])).sort()).toEqual(jobs);
    });
  });
}
