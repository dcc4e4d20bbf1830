import { problem } from "../errors/catalog.js";
import type { Restore } from "../jobs/job.js";
import { NO_PROGRESS } from "../jobs/request.js";
import type { Ports } from "../ports/ports.js";
import { completeIdle, inFence, isEnded } from "./fenced.js";
import { endRestore } from "./finish-restore.js";
import { MAX_ATTEMPTS } from "./job-lease.js";
import { restorable } from "./restorable.js";
import type { RestoreEnd, WorkerUseCases } from "./worker-use-cases.js";

export function beginRestore({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["beginRestore"] {
  return (job) =>
    inFence(store, async (tx, must) => {
      const restore = await tx.restores.byId(job.subjectId);
      if (restore === null || isEnded(restore)) return completeIdle(tx, job);
      const at = clock.now();
      const backup = restorable(await tx.backups.byId(restore.backupId), restore.accountId);
      const end = endBeforeBeginning(restore, backup !== null, job.attempts);
      if (end !== null || backup === null) {
        if (end !== null) await endRestore(tx, must, { job, restore, end, at });
        return null;
      }
      // Bytes that an attempt before this one released count no more: its staging directory is wiped.
      const running: Restore = {
        ...restore,
        status: "RUNNING",
        progress: NO_PROGRESS,
        bytesReleased: 0n,
        startedAt: restore.startedAt ?? at,
      };
      must(await tx.restores.saveFenced(running, job));
      return { restore: running, backup };
    });
}

function endBeforeBeginning(restore: Restore, isRestorable: boolean, attempts: number): RestoreEnd | null {
  const { bytesReleased } = restore;
  if (restore.cancelRequestedAt !== undefined) return { status: "CANCELLED", bytesReleased };
  if (!isRestorable) return { status: "FAILED", problem: problem("BACKUP_NOT_RESTORABLE"), bytesReleased };
  if (attempts > MAX_ATTEMPTS) return { status: "FAILED", problem: problem("INTERNAL"), bytesReleased };
  return null;
}
