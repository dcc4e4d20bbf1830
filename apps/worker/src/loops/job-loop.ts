import type { Job, JobKind, Store } from "@ekm/ekm";
import { HANDLERS } from "../jobs/handlers.js";
import type { JobContext } from "../jobs/job-context.js";

export interface JobLoopOptions {
  readonly owner: string;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly idleMs: number;
}

const KINDS = Object.keys(HANDLERS) as JobKind[];
const RETRY_MS = [250, 1_000, 5_000, 15_000] as const;

/**
 * Claims and runs jobs, at most `concurrency` at once, until shutdown; returns when the running ones have ended. The last free
 * place goes to an account that has no job here yet: whose key does not answer, holds up itself and not everybody.
 */
export async function jobLoop(store: Store, context: JobContext, options: JobLoopOptions): Promise<void> {
  const running = new Map<Promise<void>, string>();
  while (!context.shutdown.aborted) {
    const isLast = running.size === options.concurrency - 1;
    const notOf = isLast ? [...new Set(running.values())] : [];
    const job = running.size < options.concurrency ? await claim(store, context, options, notOf) : null;
    if (job === null) {
      await Promise.race([context.clock.sleep(options.idleMs, context.shutdown), ...running.keys()]);
      continue;
    }
    const work: Promise<void> = runOne(store, context, job).finally(() => running.delete(work));
    running.set(work, job.accountId);
  }
  await Promise.all(running.keys());
}

async function claim(store: Store, context: JobContext, options: JobLoopOptions, notOf: readonly string[]): Promise<Job | null> {
  try {
    // Most looks find nothing: a plain read, so that idle workers leave the write lock to others.
    if (!(await store.read.jobs.hasClaimable(KINDS, notOf))) return null;
    return await store.transaction((tx) => tx.jobs.claim(options.owner, KINDS, options.leaseMs, notOf));
  } catch (error) {
    context.log.warn({ err: error }, "cannot claim work now; trying again");
    await context.clock.sleep(1_000, context.shutdown);
    return null;
  }
}

/** A handler that throws met a bug or lost the database: the job is given back, later each time, for anybody to try again. */
async function runOne(store: Store, context: JobContext, job: Job): Promise<void> {
  const log = context.log.child({ jobId: job.id, kind: job.kind, accountId: job.accountId, fence: job.fence });
  try {
    log.info("job started");
    const end = await (HANDLERS[job.kind] ?? unknownKind)({ ...context, log }, job);
    if (end === "give-back") await store.transaction((tx) => tx.jobs.release(job, 0));
    log.info({ end }, "job ended");
  } catch (error) {
    const delay = RETRY_MS[Math.min(job.attempts, RETRY_MS.length) - 1] ?? RETRY_MS[0];
    log.error({ err: error, retryInMs: delay }, "job failed inside");
    await store
      .transaction((tx) => tx.jobs.release(job, delay))
      .catch((lost) => log.error({ err: lost }, "cannot release; its lease will end"));
  }
}

const unknownKind = (_: JobContext, job: Job): Promise<never> => Promise.reject(new Error(`no handler for ${job.kind}`));
