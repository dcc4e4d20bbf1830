import type { Job, JobKind, JobQueue } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { DATABASE_NOW_MS } from "../database-clock.js";
import { type JobRow, JobRows } from "../rows/job.js";

const priorityOf = (kind: JobKind) => (kind === "RESTORE" ? 0 : kind === "BACKUP" ? 1 : 2);
const toJob = ({ id, kind, accountId, subjectId, fence, attempts }: JobRow): Job => ({
  id,
  kind,
  accountId,
  subjectId,
  fence,
  attempts,
});

export function jobQueue(manager: EntityManager): JobQueue {
  /** Writes if the job is still held under this fence. */
  const update = async (job: Job, columns: Partial<JobRow>, ms: number) => {
    const { affected } = await manager
      .createQueryBuilder()
      .update(JobRows)
      .set({ ...columns, freeAt: () => `${DATABASE_NOW_MS} + :ms` })
      .setParameter("ms", ms)
      .where("id = :id AND fence = :fence AND owner IS NOT NULL", { id: job.id, fence: job.fence })
      .execute();
    return affected === 1;
  };

  const oneOf = (kinds: readonly JobKind[], notOf: readonly string[]) => {
    const query = manager.createQueryBuilder(JobRows, "job").where("job.kind IN (:...kinds)", { kinds }).limit(1);
    return notOf.length === 0 ? query : query.andWhere("job.accountId NOT IN (:...notOf)", { notOf });
  };

  return {
    async enqueue({ id, kind, accountId, subjectId, at }) {
      await manager.insert(JobRows, {
        id,
        kind,
        priority: priorityOf(kind),
        accountId,
        subjectId,
        enqueuedAt: at.getTime(),
        freeAt: 0,
        fence: 0,
        attempts: 0,
        owner: null,
      });
    },
    async hasClaimable(kinds, notOf = []) {
      const query = oneOf(kinds, notOf).select("job.kind", "kind").andWhere(`job.freeAt <= ${DATABASE_NOW_MS}`);
      return (await query.getRawOne()) !== undefined;
    },
    async claim(owner, kinds, leaseMs, notOf = []) {
      // The sum keeps the claim to the index of its order: the other would read and sort the whole backlog for one job.
      const row = await oneOf(kinds, notOf)
        .andWhere(`job.freeAt + 0 <= ${DATABASE_NOW_MS}`)
        .orderBy({ "job.priority": "ASC", "job.enqueuedAt": "ASC", "job.id": "ASC" })
        .getOne();
      if (row === null) return null;
      const claimed = { ...row, owner, fence: row.fence + 1, attempts: row.attempts + 1 };
      const { affected } = await manager
        .createQueryBuilder()
        .update(JobRows)
        .set({ owner, fence: claimed.fence, attempts: claimed.attempts, freeAt: () => `${DATABASE_NOW_MS} + :leaseMs` })
        .setParameter("leaseMs", leaseMs)
        .where("id = :id AND fence = :former", { id: row.id, former: row.fence })
        .execute();
      return affected === 1 ? toJob(claimed) : null;
    },
    async renew(job, leaseMs) {
      return update(job, {}, leaseMs);
    },
    async complete(job) {
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(JobRows)
        .where("id = :id AND fence = :fence AND owner IS NOT NULL", { id: job.id, fence: job.fence })
        .execute();
      return affected === 1;
    },
    async removeFree(kind, subjectId) {
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(JobRows)
        .where("subject_id = :subjectId AND kind = :kind", { subjectId, kind })
        .andWhere(`(owner IS NULL OR free_at <= ${DATABASE_NOW_MS})`)
        .execute();
      return (affected ?? 0) > 0;
    },
    async release(job, delayMs) {
      return update(job, { owner: null }, delayMs);
    },
  };
}
