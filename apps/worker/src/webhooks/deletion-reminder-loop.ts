import type { JobContext } from "../jobs/job-context.js";

/** Tells of keys that are about to be deleted, a look every `everyMs`. A failure is logged and the next look tries again. */
export async function deletionReminderLoop({ useCases, clock, log, shutdown }: JobContext, everyMs: number): Promise<void> {
  while (!shutdown.aborted) {
    try {
      await useCases.remindOfDeletions();
    } catch (error) {
      log.warn({ err: error }, "reminders of deletions failed");
    }
    await clock.sleep(everyMs, shutdown);
  }
}
