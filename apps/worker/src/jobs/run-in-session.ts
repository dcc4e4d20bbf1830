import type { Job, Problem } from "@ekm/ekm";
import type { JobControl, VaultOutcome } from "@ekm/vault";
import type { HandlerEnd, JobContext } from "./job-context.js";
import { JobSession } from "./job-session.js";

export interface SessionWork<T, O extends VaultOutcome<T, Problem>, E> {
  readonly maxBytesPerSecond?: bigint | undefined;
  readonly run: (control: JobControl) => Promise<O>;
  /** The row's end; null where the job is to be given back. */
  readonly endOf: (outcome: O) => E | null;
  /** False: the fence was lost and nothing was written. */
  readonly finish: (end: E) => Promise<boolean>;
}

/** The course of every job over the vault: beats while it runs, one outcome under the fence when it ends. */
export async function runInSession<T, O extends VaultOutcome<T, Problem>, E>(
  context: JobContext,
  job: Job,
  work: SessionWork<T, O, E>,
): Promise<HandlerEnd> {
  const { useCases, clock, beatEveryMs, log, shutdown } = context;
  const session = new JobSession(
    job,
    useCases,
    clock,
    beatEveryMs,
    (error) => log.warn({ err: error }, "heartbeat failed"),
    shutdown,
    work.maxBytesPerSecond,
  );
  try {
    const outcome = await work.run(session.control);
    await session.end();
    const end = work.endOf(outcome);
    if (end === null) return outcome.kind === "stopped" && outcome.stop === "fence-lost" ? "done" : "give-back";
    if (!(await work.finish(end))) log.warn("the fence was lost; another worker owns this job now");
    return "done";
  } finally {
    await session.end();
  }
}
