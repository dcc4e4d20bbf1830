import type { Backup, Job } from "../jobs/job.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { endEntry } from "./audit-end.js";
import { inFence, isEnded } from "./fenced.js";
import type { BackupEnd, WorkerUseCases } from "./worker-use-cases.js";

/** The commit point of a backup: only the manifest row written here makes its objects reachable. */
export function finishBackup({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["finishBackup"] {
  return async (job, end) => {
    const done = await inFence(store, async (tx, must) => {
      const backup = await tx.backups.byId(job.subjectId);
      must(backup !== null && !isEnded(backup));
      if (backup !== null) await endBackup(tx, must, { job, backup, end, at: clock.now() });
      return true;
    });
    return done === true;
  };
}

/** The row, the audit entry and the job's completion, in the caller's transaction. */
export async function endBackup(
  tx: Repositories,
  must: (held: boolean) => void,
  { job, backup, end, at }: { job: Job; backup: Backup; end: BackupEnd; at: Date },
): Promise<void> {
  must(await tx.backups.saveFenced(ended(backup, end, at), job));
  await tx.audit.append(backup.accountId, at, endEntry({ action: "BACKUP", subject: backup.id, actor: backup.requestedBy, end }));
  must(await tx.jobs.complete(job));
}

function ended(backup: Backup, end: BackupEnd, finishedAt: Date): Backup {
  if (end.status !== "SUCCEEDED") return { ...backup, ...end, finishedAt };
  const { bytes, items } = end;
  return {
    ...backup,
    ...end,
    progress: { bytesDone: bytes, bytesTotal: bytes, itemsDone: items, itemsTotal: items },
    finishedAt,
  };
}
