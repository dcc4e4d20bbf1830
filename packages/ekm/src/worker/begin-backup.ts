import { problem } from "../errors/catalog.js";
import type { Backup } from "../jobs/job.js";
import { NO_PROGRESS } from "../jobs/request.js";
import type { Ports } from "../ports/ports.js";
import { completeIdle, inFence, isEnded } from "./fenced.js";
import { endBackup } from "./finish-backup.js";
import { MAX_ATTEMPTS } from "./job-lease.js";
import type { BackupEnd, WorkerUseCases } from "./worker-use-cases.js";

/** A job that comes again after its worker died starts from the beginning: its objects bear another attempt's name. */
export function beginBackup({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["beginBackup"] {
  return (job) =>
    inFence(store, async (tx, must) => {
      const backup = await tx.backups.byId(job.subjectId);
      if (backup === null || isEnded(backup)) return completeIdle(tx, job);
      const at = clock.now();
      const source = await tx.sources.byId(backup.sourceId);
      const end = endBeforeBeginning(backup, source !== null, job.attempts);
      if (end !== null || source === null) {
        if (end !== null) await endBackup(tx, must, { job, backup, end, at });
        return null;
      }
      const running: Backup = { ...backup, status: "RUNNING", progress: NO_PROGRESS, startedAt: backup.startedAt ?? at };
      must(await tx.backups.saveFenced(running, job));
      return { backup: running, source };
    });
}

function endBeforeBeginning(backup: Backup, hasSource: boolean, attempts: number): BackupEnd | null {
  if (backup.cancelRequestedAt !== undefined) return { status: "CANCELLED" };
  if (!hasSource) return { status: "FAILED", problem: problem("SOURCE_UNAVAILABLE") };
  if (attempts > MAX_ATTEMPTS) return { status: "FAILED", problem: problem("INTERNAL") };
  return null;
}
