import type { JobContext } from "../jobs/job-context.js";

/** Forgets what is old, now and then. A failure is logged and the next round tries again. */
export async function housekeepingLoop(context: JobContext, everyMs: number): Promise<void> {
  while (!context.shutdown.aborted) {
    try {
      // A bounded number at a time; more wait when there were any.
      const { useCases } = context;
      const forgotten =
        (await useCases.deleteOldIdempotencyRecords()) +
        (await useCases.deleteOldEvents()) +
        (await useCases.deleteOldDeliveries());
      if (forgotten > 0) continue;
    } catch (error) {
      context.log.warn({ err: error }, "housekeeping failed");
    }
    await context.clock.sleep(everyMs, context.shutdown);
  }
}
