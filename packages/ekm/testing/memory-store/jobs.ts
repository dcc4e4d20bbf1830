import type { Job, JobKind } from "../../src/jobs/job.js";
import type { JobQueue } from "../../src/ports/store.js";
import { insertRow } from "./rows.js";
import type { QueuedJob, Tables } from "./state.js";

const heldRow = ({ read }: Tables, job: Job): QueuedJob | null => {
  const row = read().jobs.get(job.id);
  return row && row.heldBy !== null && row.fence === job.fence ? row : null;
};

/** True while the job's fence is its holder's. */
export const isHeld = (tables: Tables, job: Job): boolean => heldRow(tables, job) !== null;

const rank = (kind: JobKind) => (kind === "RESTORE" ? 0 : kind === "BACKUP" ? 1 : 2);

export function memoryJobs(tables: Tables): JobQueue {
  const { read, write, clock } = tables;
  const now = () => clock.now().getTime();
  const claimable = (kinds: readonly JobKind[], notOf: readonly string[]) =>
    [...read().jobs.values()].filter((job) => kinds.includes(job.kind) && !notOf.includes(job.accountId) && job.until <= now());

  return {
    async enqueue(job) {
      insertRow(write().jobs, { ...job, fence: 0, attempts: 0, heldBy: null, until: job.at.getTime() });
    },
    async hasClaimable(kinds, notOf = []) {
      return claimable(kinds, notOf).length > 0;
    },
    async claim(owner, kinds, leaseMs, notOf = []) {
      const next = claimable(kinds, notOf).sort(
        (a, b) => rank(a.kind) - rank(b.kind) || a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1),
      )[0];
      if (!next) return null;
      const claimed = { ...next, heldBy: owner, until: now() + leaseMs, fence: next.fence + 1, attempts: next.attempts + 1 };
      write().jobs.set(next.id, claimed);
      const { id, kind, accountId, subjectId, fence, attempts } = claimed;
      return { id, kind, accountId, subjectId, fence, attempts };
    },
    async renew(job, leaseMs) {
      const row = heldRow(tables, job);
      if (row) write().jobs.set(job.id, { ...row, until: now() + leaseMs });
      return row !== null;
    },
    async complete(job) {
      return isHeld(tables, job) && write().jobs.delete(job.id);
    },
    async removeFree(kind, subjectId) {
      const free = [...read().jobs.values()].filter(
        (job) => job.kind === kind && job.subjectId === subjectId && (job.heldBy === null || job.until <= now()),
      );
      for (const job of free) write().jobs.delete(job.id);
      return free.length > 0;
    },
    async release(job, delayMs) {
      const row = heldRow(tables, job);
      if (row) write().jobs.set(job.id, { ...row, heldBy: null, until: now() + delayMs });
      return row !== null;
    },
  };
}
