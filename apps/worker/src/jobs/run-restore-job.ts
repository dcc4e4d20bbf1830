import type { Job, Problem, RestoreEnd } from "@ekm/ekm";
import { runRestore } from "@ekm/vault";
import { type HandlerEnd, type JobContext, problemOf } from "./job-context.js";
import { JobSession } from "./job-session.js";

/** Restore: begin, open into staging under the lease, publish whole, write the outcome under the job's fence. */
export async function runRestoreJob(context: JobContext, job: Job): Promise<HandlerEnd> {
  const begun = await context.useCases.beginRestore(job);
  if (begun === null) return "done";
  const { restore, backup } = begun;
  const session = new JobSession(
    job,
    context.useCases,
    context.clock,
    context.beatEveryMs,
    (error) => context.log.warn({ err: error, jobId: job.id }, "heartbeat failed"),
    context.shutdown,
    restore.maxBytesPerSecond,
  );
  try {
    const outcome = await runRestore(
      context.vault,
      {
        accountId: restore.accountId,
        backupId: backup.id,
        restoreId: restore.id,
        generation: backup.generation,
        manifest: backup.manifest,
        target: restore.target,
        overwrite: restore.overwrite,
      },
      session.control,
    );
    await session.end();
    const end = endOf(outcome);
    if (end === null) return outcome.kind === "stopped" && outcome.stop === "fence-lost" ? "done" : "give-back";
    const written = await context.useCases.finishRestore(job, end);
    if (!written) context.log.warn({ jobId: job.id }, "the fence was lost; another worker owns this restore now");
    return "done";
  } finally {
    await session.end();
  }
}

function endOf(outcome: Awaited<ReturnType<typeof runRestore<Problem>>>): RestoreEnd | null {
  switch (outcome.kind) {
    case "done":
      return { status: "SUCCEEDED", ...outcome.value };
    case "fault":
      return { status: "FAILED", problem: problemOf(outcome.fault), ...outcome.trace };
    case "key":
      return { status: "FAILED", problem: outcome.failure, ...outcome.trace };
    case "stopped":
      return outcome.stop === "cancelled" ? { status: "CANCELLED", ...outcome.trace } : null;
  }
}
