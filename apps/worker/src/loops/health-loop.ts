import type { JobContext } from "../jobs/job-context.js";

/**
 * Probes idle accounts whose health is older than the interval, a round every `everyMs`, whether or not the one before has
 * ended: it may be waiting for a key that does not answer. A failure is logged and the next round tries again.
 */
export async function healthLoop(context: JobContext, everyMs: number, batch: number): Promise<void> {
  const rounds = new Set<Promise<number>>();
  while (!context.shutdown.aborted) {
    const round = probeRound(context, batch).finally(() => rounds.delete(round));
    rounds.add(round);
    const pause = context.clock.sleep(everyMs, context.shutdown);
    // A full batch means that more are waiting.
    if ((await Promise.race([round, pause])) !== batch) await pause;
  }
  await Promise.all(rounds);
}

async function probeRound({ useCases, log }: JobContext, batch: number): Promise<number> {
  try {
    return await useCases.probeDueAccounts(batch);
  } catch (error) {
    log.warn({ err: error }, "health round failed");
    return 0;
  }
}
