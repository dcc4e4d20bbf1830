import type { BackupEnd, Job, Problem } from "@ekm/ekm";
import { runBackup, type SealedBackup, type VaultOutcome } from "@ekm/vault";
import { type HandlerEnd, type JobContext, problemOf } from "./job-context.js";
import { JobSession } from "./job-session.js";

/** Backup: begin, seal under the account's lease, commit the manifest row under the job's fence. */
export async function runBackupJob(context: JobContext, job: Job): Promise<HandlerEnd> {
  const begun = await context.useCases.beginBackup(job);
  if (begun === null) return "done";
  const { backup, source } = begun;
  const session = new JobSession(
    job,
    context.useCases,
    context.clock,
    context.beatEveryMs,
    (error) => context.log.warn({ err: error, jobId: job.id }, "heartbeat failed"),
    context.shutdown,
    backup.maxBytesPerSecond,
  );
  try {
    const outcome = await runBackup(
      context.vault,
      { accountId: backup.accountId, backupId: backup.id, attempt: String(job.fence), location: source.location, kind: source.kind },
      session.control,
    );
    await session.end();
    const end = endOf(outcome);
    if (end === null) return outcome.kind === "stopped" && outcome.stop === "fence-lost" ? "done" : "give-back";
    const written = await context.useCases.finishBackup(job, end);
    if (!written) context.log.warn({ jobId: job.id }, "the fence was lost; another worker owns this backup now");
    return "done";
  } finally {
    await session.end();
  }
}

function endOf(outcome: VaultOutcome<SealedBackup, Problem>): BackupEnd | null {
  switch (outcome.kind) {
    case "done":
      return { status: "SUCCEEDED", ...outcome.value };
    case "fault":
      return { status: "FAILED", problem: problemOf(outcome.fault) };
    case "key":
      return { status: "FAILED", problem: outcome.failure };
    case "stopped":
      return outcome.stop === "cancelled" ? { status: "CANCELLED" } : null;
  }
}
