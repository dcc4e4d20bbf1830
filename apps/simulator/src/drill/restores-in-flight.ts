import { setTimeout as sleep } from "node:timers/promises";
import { cancelJob } from "../product/jobs.js";
import type { Restore } from "../product/types.js";
import { isFinal } from "../runner/jobs.js";
import { HarnessFailure } from "../runner/outcome.js";
import { beginRestore, readJobState, settledJob } from "./settled-job.js";
import type { Subject } from "./subject.js";

/** One restore as it was seen; times are milliseconds since 1970. */
export interface SeenRestore {
  readonly id: string;
  /** As it was last. */
  readonly state: Restore;
  /** When it was first seen RUNNING with some but not all of its bytes done. */
  readonly inFlightSince: number | undefined;
}

/** Slow restores of the canary, one after the other: whenever the key's owner acts, one is in flight. */
export interface RestoresInFlight {
  /** Resolves once the first is in flight. Rejects where it ended before. */
  begun(): Promise<void>;
  /** The one that was in flight at that time, as far as it was seen. */
  at(ms: number): SeenRestore | undefined;
  /** Begins no further one. Resolves with all of them once the last has ended, or at the deadline, when it is cancelled. */
  end(deadline: number): Promise<readonly SeenRestore[]>;
  /** Cancels what still runs and waits until it has ended; for when nothing more is to be learnt from it. Never rejects. */
  abandon(signal: AbortSignal): Promise<void>;
}

export interface InFlightOptions {
  readonly subject: Subject;
  readonly backupId: string;
  readonly target: string | undefined;
  readonly bytesPerSecond: number;
  readonly signal: AbortSignal;
}

const POLL_MS = 100;
/** From then on the next one takes over: a restore that is complete would leave plaintext behind. */
const ALMOST_DONE = 0.85;

export function restoreInFlight({ subject, backupId, target, bytesPerSecond, signal }: InFlightOptions): RestoresInFlight {
  const restores: SeenRestore[] = [];
  let isLast = false;
  let deadline = Number.POSITIVE_INFINITY;
  let failure: unknown;

  async function follow(id: string): Promise<SeenRestore> {
    const index = restores.length;
    for (let inFlightSince: number | undefined, cancelled = false; ; ) {
      const state = await readJobState<Restore>(subject, "restore", id);
      const done = doneShare(state);
      if (state.status === "RUNNING" && done > 0 && done < 1) inFlightSince ??= Date.now();
      const seen: SeenRestore = { id, state, inFlightSince };
      restores[index] = seen;
      if (isFinal(state)) return seen;
      if (!cancelled && (isLast ? Date.now() >= deadline : done >= ALMOST_DONE)) {
        cancelled = true;
        await cancelJob(subject.operator, { jobId: id });
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }
  async function run(): Promise<void> {
    do {
      const { id } = await beginRestore(subject, backupId, { target, bytesPerSecond });
      const { state } = await follow(id);
      if (state.status === "FAILED") return;
    } while (!isLast);
  }
  const running = run().catch((error: unknown) => {
    failure = error;
  });

  return {
    async begun() {
      for (;;) {
        if (failure) throw failure;
        const [first] = restores;
        if (first?.inFlightSince !== undefined) return;
        if (first && isFinal(first.state))
          throw new HarnessFailure(`The situation never arose: the restore ended ${first.state.status} before it was in flight.`);
        await sleep(POLL_MS, undefined, { signal });
      }
    },
    at: (ms) =>
      restores.find(({ state, inFlightSince }) => {
        const endedAt = state.finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(state.finishedAt);
        return inFlightSince !== undefined && inFlightSince <= ms && ms <= endedAt;
      }),
    async end(latest) {
      isLast = true;
      deadline = latest;
      await running;
      if (failure) throw failure;
      return restores;
    },
    async abandon(until) {
      isLast = true;
      const last = restores.at(-1);
      if (!last || isFinal(last.state)) return;
      try {
        await cancelJob(subject.operator, { jobId: last.id });
        await settledJob(subject, "restore", last.id, until);
      } catch {
        // The report says how the job was last seen.
      }
    },
  };
}

/** 0 while the total is not known. */
function doneShare({ progress: { bytesDone, bytesTotal } }: Restore): number {
  return bytesTotal === null || bytesTotal === "0" ? 0 : Number(bytesDone) / Number(bytesTotal);
}
