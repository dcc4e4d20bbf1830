import type { Job } from "../jobs/job.js";
import type { Repositories, Store } from "../ports/store.js";

/** Rolls a job's transaction back: another worker holds the job by now. */
class FenceLost extends Error {
  override name = "FenceLost";
}

/**
 * One transaction of a job. `must` takes the answers of fenced writes: a false one undoes the whole transaction, which then
 * answers null.
 */
export async function inFence<T>(
  store: Store,
  work: (tx: Repositories, must: (held: boolean) => void) => Promise<T>,
): Promise<T | null> {
  const must = (held: boolean): void => {
    if (!held) throw new FenceLost();
  };
  try {
    return await store.transaction((tx) => work(tx, must));
  } catch (error) {
    if (error instanceof FenceLost) return null;
    throw error;
  }
}

export const isEnded = ({ status }: { readonly status: string }): boolean =>
  status === "SUCCEEDED" || status === "FAILED" || status === "CANCELLED";

/** Ends a job that has nothing to do, whoever may have done it. */
export async function completeIdle(tx: Repositories, job: Job): Promise<null> {
  await tx.jobs.complete(job);
  return null;
}
