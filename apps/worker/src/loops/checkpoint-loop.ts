import type { CheckpointRound } from "@ekm/ekm";
import type { JobContext } from "../jobs/job-context.js";

/**
 * Looks every `lookMs` whether a round of audit checkpoints is due. What somebody did to a chain is logged once per process and
 * chain; a failure is logged and the next look tries again.
 */
export async function checkpointLoop(
  { clock, log, shutdown }: Pick<JobContext, "clock" | "log" | "shutdown">,
  take: () => Promise<CheckpointRound>,
  lookMs: number,
): Promise<void> {
  const told = new Set<string>();
  while (!shutdown.aborted) {
    try {
      const { round, checkpoints, more, broken, taken } = await take();
      for (const { accountId, sequence } of broken) {
        if (told.has(accountId)) continue;
        told.add(accountId);
        log.error({ accountId, sequence }, "the audit chain is not as it was written; it gets no checkpoint");
      }
      if (taken.length > 0)
        log.error({ names: taken.slice(0, 10) }, "other audit checkpoints have these names: history went two ways");
      if (round !== null) log.info({ round, checkpoints }, "audit checkpoints signed and exported");
      if (more) continue;
    } catch (error) {
      log.warn({ err: error }, "audit checkpoints cannot be made now; trying again");
    }
    await clock.sleep(lookMs, shutdown);
  }
}
