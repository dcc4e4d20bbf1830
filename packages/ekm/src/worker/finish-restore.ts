import type { Job, Restore } from "../jobs/job.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { endEntry } from "./audit-end.js";
import { inFence, isEnded } from "./fenced.js";
import type { RestoreEnd, WorkerUseCases } from "./worker-use-cases.js";

export function finishRestore({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["finishRestore"] {
  return async (job, end) => {
    const done = await inFence(store, async (tx, must) => {
      const restore = await tx.restores.byId(job.subjectId);
      must(restore !== null && !isEnded(restore));
      if (restore !== null) await endRestore(tx, must, { job, restore, end, at: clock.now() });
      return true;
    });
    return done === true;
  };
}

/** The row, the audit entry and the job's completion, in the caller's transaction. */
export async function endRestore(
  tx: Repositories,
  must: (held: boolean) => void,
  { job, restore, end, at }: { job: Job; restore: Restore; end: RestoreEnd; at: Date },
): Promise<void> {
  must(await tx.restores.saveFenced({ ...restore, ...end, finishedAt: at }, job));
  await tx.audit.append(
    restore.accountId,
    at,
    endEntry({ action: "RESTORE", subject: restore.id, actor: restore.requestedBy, end }),
  );
  must(await tx.jobs.complete(job));
}
