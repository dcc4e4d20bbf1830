import type { JobContext } from "../jobs/job-context.js";

/** Probes idle accounts whose health is older than the interval. A failure is logged and the next round tries again. */
export async function healthLoop(context: JobContext, everyMs: number, batch: number): Promise<void> {
  while (!context.shutdown.aborted) {
    try {
      const probed = await context.useCases.probeDueAccounts(batch);
      // A full batch means that more are waiting.
      if (probed === batch) continue;
    } catch (error) {
      context.log.warn({ err: error }, "health round failed");
    }
    await context.clock.sleep(everyMs, context.shutdown);
  }
}
