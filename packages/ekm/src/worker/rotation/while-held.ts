import type { Job } from "../../jobs/job.js";
import { StoreError } from "../../ports/store.js";
import { JOB_LEASE_MS } from "../job-lease.js";
import type { RotationPorts } from "./rotation-ports.js";

/**
 * Does a job's work while its lease is renewed in the background. `stop` aborts when the process is to end or the job has
 * been lost; every write is fenced besides.
 */
export async function whileHeld<T>(
  ports: Pick<RotationPorts, "store" | "clock">,
  job: Job,
  shutdown: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const over = new AbortController();
  const renewing = renew(ports, job, over.signal, () => lost.abort());
  try {
    return await work(AbortSignal.any([shutdown, lost.signal]));
  } finally {
    over.abort();
    await renewing;
  }
}

async function renew(
  { store, clock }: Pick<RotationPorts, "store" | "clock">,
  job: Job,
  over: AbortSignal,
  onLost: () => void,
): Promise<void> {
  for (;;) {
    await clock.sleep(JOB_LEASE_MS / 3, over);
    if (over.aborted) return;
    try {
      if (await store.transaction((tx) => tx.jobs.renew(job, JOB_LEASE_MS))) continue;
      return onLost();
    } catch (error) {
      // The lease itself decides what a lasting failure means: another worker takes over and this fence is lost.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
