import { type Job, type Problem, problem, type RestoreEnd } from "@ekm/ekm";
import { type RestoredBackup, type RestoreTrace, runRestore, type VaultOutcome } from "@ekm/vault";
import { type HandlerEnd, type JobContext, messageOf, problemOf } from "./job-context.js";
import { runInSession } from "./run-in-session.js";

/** Restore: begin, see that the account may still name the place, open into staging under the lease, publish whole, write the outcome under the job's fence. */
export async function runRestoreJob(context: JobContext, job: Job): Promise<HandlerEnd> {
  const begun = await context.useCases.beginRestore(job);
  if (begun === null) return "done";
  const { restore, backup } = begun;
  const target = await context.roots.resolveTarget(restore.accountId, restore.target, restore.overwrite);
  if (!target.ok || target.value !== restore.target) {
    const refusal = problem("RESTORE_TARGET_INVALID", messageOf(target));
    await context.useCases.finishRestore(job, { status: "FAILED", problem: refusal, bytesReleased: 0n });
    return "done";
  }
  const request = {
    accountId: restore.accountId,
    backupId: backup.id,
    restoreId: restore.id,
    generation: backup.generation,
    manifest: backup.manifest,
    target: restore.target,
    overwrite: restore.overwrite,
  };
  return runInSession(context, job, {
    maxBytesPerSecond: restore.maxBytesPerSecond,
    run: (control) => runRestore(context.vault, request, control),
    endOf,
    finish: (end) => context.useCases.finishRestore(job, end),
  });
}

function endOf(outcome: VaultOutcome<RestoredBackup, Problem> & { readonly trace: RestoreTrace }): RestoreEnd | null {
  if (outcome.kind === "done") return { status: "SUCCEEDED", ...outcome.value };
  if (outcome.kind === "stopped") return outcome.stop === "cancelled" ? { status: "CANCELLED", ...outcome.trace } : null;
  return { status: "FAILED", problem: problemOf(outcome), ...outcome.trace };
}
