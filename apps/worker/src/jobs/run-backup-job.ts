import { type BackupEnd, type Job, type Problem, problem } from "@ekm/ekm";
import { runBackup, type SealedBackup, type VaultOutcome } from "@ekm/vault";
import { type HandlerEnd, type JobContext, messageOf, problemOf } from "./job-context.js";
import { runInSession } from "./run-in-session.js";

/** Backup: begin, see that the account may still name the place, seal under the account's lease, commit the manifest row under the job's fence. */
export async function runBackupJob(context: JobContext, job: Job): Promise<HandlerEnd> {
  const begun = await context.useCases.beginBackup(job);
  if (begun === null) return "done";
  const { backup, source } = begun;
  const location = await context.roots.resolveSource(backup.accountId, source.location);
  if (!location.ok || location.value !== source.location) {
    await context.useCases.finishBackup(job, { status: "FAILED", problem: problem("SOURCE_UNAVAILABLE", messageOf(location)) });
    return "done";
  }
  const request = {
    accountId: backup.accountId,
    backupId: backup.id,
    attempt: String(job.fence),
    location: source.location,
    kind: source.kind,
  };
  return runInSession(context, job, {
    maxBytesPerSecond: backup.maxBytesPerSecond,
    run: (control) => runBackup(context.vault, request, control),
    endOf,
    finish: (end) => context.useCases.finishBackup(job, end),
  });
}

function endOf(outcome: VaultOutcome<SealedBackup, Problem>): BackupEnd | null {
  if (outcome.kind === "done") return { status: "SUCCEEDED", ...outcome.value };
  if (outcome.kind === "stopped") return outcome.stop === "cancelled" ? { status: "CANCELLED" } : null;
  return { status: "FAILED", problem: problemOf(outcome) };
}
