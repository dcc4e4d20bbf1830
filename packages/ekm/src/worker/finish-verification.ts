import type { Job, Verification } from "../jobs/job.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { endEntry } from "./audit-end.js";
import { inFence, isEnded } from "./fenced.js";
import type { VerificationEnd, WorkerUseCases } from "./worker-use-cases.js";

export function finishVerification({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["finishVerification"] {
  return async (job, end) => {
    const done = await inFence(store, async (tx, must) => {
      const verification = await tx.verifications.byId(job.subjectId);
      must(verification !== null && !isEnded(verification));
      if (verification !== null) await endVerification(tx, must, { job, verification, end, at: clock.now() });
      return true;
    });
    return done === true;
  };
}

/** The row, the audit entry and the job's completion, in the caller's transaction. */
export async function endVerification(
  tx: Repositories,
  must: (held: boolean) => void,
  { job, verification, end, at }: { job: Job; verification: Verification; end: VerificationEnd; at: Date },
): Promise<void> {
  must(await tx.verifications.saveFenced(ended(verification, end, at), job));
  const { id, accountId, requestedBy } = verification;
  await tx.audit.append(accountId, at, endEntry({ action: "VERIFICATION", subject: id, actor: requestedBy, end }));
  must(await tx.jobs.complete(job));
}

function ended(verification: Verification, end: VerificationEnd, finishedAt: Date): Verification {
  if (end.status !== "SUCCEEDED") return { ...verification, ...end, finishedAt };
  const { status, objectsVerified: items, bytesVerified: bytes } = end;
  const progress = { bytesDone: bytes, bytesTotal: bytes, itemsDone: items, itemsTotal: items };
  return { ...verification, status, progress, finishedAt };
}
