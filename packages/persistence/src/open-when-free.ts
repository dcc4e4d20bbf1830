import { type Clock, StoreBusyError } from "@ekm/ekm";

export interface Patience {
  readonly clock: Clock;
  /** How long the caller is ready to wait, in all. */
  readonly patienceMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** After each look that found the database held by another process; `waitedMs` so far. */
  readonly onBusy: (waitedMs: number) => void;
}

/** For whoever has to look into it. */
export const DATABASE_HELD =
  "another process holds the write lock of the database. If one was stopped (SIGSTOP, a debugger, a suspended container), continue " +
  "it or end it: its transaction is then completed or rolled back. Nothing was changed.";

/** So that a database that says it is busy at once is not asked without a pause. */
const PAUSE_MS = 250;

/**
 * Opens a database that another process may hold at the moment: one that is writing, or one that was stopped (SIGSTOP, a suspended
 * machine) within a transaction and keeps the write lock until it goes on or ends. Throws StoreBusyError when patience or signal
 * has ended; all else that `open` throws at once.
 */
export async function openWhenFree<T>(open: () => Promise<T>, { clock, patienceMs, signal, onBusy }: Patience): Promise<T> {
  const began = clock.monotonicMs();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const waitedMs = clock.monotonicMs() - began;
      if (!(error instanceof StoreBusyError)) throw error;
      onBusy(waitedMs);
      if (signal?.aborted || waitedMs >= patienceMs) throw error;
    }
    await clock.sleep(PAUSE_MS, signal);
  }
}
