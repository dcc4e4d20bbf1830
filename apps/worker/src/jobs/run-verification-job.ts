import type { Job, Problem, VerificationEnd } from "@ekm/ekm";
import { runVerification, type VaultOutcome, type VerifiedBackup } from "@ekm/vault";
import { type HandlerEnd, type JobContext, problemOf } from "./job-context.js";
import { runInSession } from "./run-in-session.js";

/** Verification: begin, open what was sampled under the lease, write nothing but the outcome. */
export async function runVerificationJob(context: JobContext, job: Job): Promise<HandlerEnd> {
  const begun = await context.useCases.beginVerification(job);
  if (begun === null) return "done";
  const { verification, backup } = begun;
  const request = {
    accountId: verification.accountId,
    backupId: backup.id,
    generation: backup.generation,
    manifest: backup.manifest,
    samplePercent: verification.samplePercent,
    seed: verification.id,
  };
  return runInSession(context, job, {
    maxBytesPerSecond: verification.maxBytesPerSecond,
    run: (control) => runVerification(context.vault, request, control),
    endOf,
    finish: (end) => context.useCases.finishVerification(job, end),
  });
}

function endOf(outcome: VaultOutcome<VerifiedBackup, Problem>): VerificationEnd | null {
  if (outcome.kind === "done") return { status: "SUCCEEDED", ...outcome.value };
  if (outcome.kind === "stopped") return outcome.stop === "cancelled" ? { status: "CANCELLED" } : null;
  return { status: "FAILED", problem: problemOf(outcome) };
}
