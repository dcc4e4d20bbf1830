import { problem } from "../errors/catalog.js";
import type { Verification } from "../jobs/job.js";
import { NO_PROGRESS } from "../jobs/request.js";
import type { Ports } from "../ports/ports.js";
import { completeIdle, inFence, isEnded } from "./fenced.js";
import { endVerification } from "./finish-verification.js";
import { MAX_ATTEMPTS } from "./job-lease.js";
import { restorable } from "./restorable.js";
import type { VerificationEnd, WorkerUseCases } from "./worker-use-cases.js";

/** A job that comes again after its worker died starts from the beginning: it has written nothing. */
export function beginVerification({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["beginVerification"] {
  return (job) =>
    inFence(store, async (tx, must) => {
      const verification = await tx.verifications.byId(job.subjectId);
      if (verification === null || isEnded(verification)) return completeIdle(tx, job);
      const at = clock.now();
      const backup = restorable(await tx.backups.byId(verification.backupId), verification.accountId);
      const end = endBeforeBeginning(verification, backup !== null, job.attempts);
      if (end !== null || backup === null) {
        if (end !== null) await endVerification(tx, must, { job, verification, end, at });
        return null;
      }
      const startedAt = verification.startedAt ?? at;
      const running: Verification = { ...verification, status: "RUNNING", progress: NO_PROGRESS, startedAt };
      must(await tx.verifications.saveFenced(running, job));
      return { verification: running, backup };
    });
}

function endBeforeBeginning(verification: Verification, isReadable: boolean, attempts: number): VerificationEnd | null {
  if (verification.cancelRequestedAt !== undefined) return { status: "CANCELLED" };
  if (!isReadable) return { status: "FAILED", problem: problem("BACKUP_NOT_RESTORABLE") };
  if (attempts > MAX_ATTEMPTS) return { status: "FAILED", problem: problem("INTERNAL") };
  return null;
}
