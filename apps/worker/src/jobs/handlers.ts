import type { Job, JobKind } from "@ekm/ekm";
import type { HandlerEnd, JobContext } from "./job-context.js";
import { runBackupJob } from "./run-backup-job.js";
import { runRestoreJob } from "./run-restore-job.js";
import { runVerificationJob } from "./run-verification-job.js";

type Handler = (context: JobContext, job: Job) => Promise<HandlerEnd>;

/** The kinds of jobs that this worker can run. */
export const HANDLERS: Partial<Record<JobKind, Handler>> = {
  BACKUP: runBackupJob,
  RESTORE: runRestoreJob,
  VERIFICATION: runVerificationJob,
  // `rotate` keeps its own lease alive and writes its own rows.
  ROTATION: (context, job) => context.useCases.rotate(job, context.shutdown),
  // `supersede` completes or releases its own job.
  SUPERSEDE: async (context, job) => {
    await context.useCases.supersede(job);
    return "done";
  },
};
