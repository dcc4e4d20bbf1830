import { type Clock, StoreBusyError } from "@ekm/ekm";
import { toStoreError } from "./errors.js";

const SHORTEST_MS = 1;
const LONGEST_MS = 5;

/**
 * Tries until no other process is in the way; throws StoreBusyError when time is up. Short, uneven pauses: a process that
 * writes without a pause leaves the lock free for parts of a millisecond only, and two that wait must not keep in step.
 */
export async function whileBusy<T>(clock: Clock, timeoutMs: number, attempt: () => Promise<T>): Promise<T> {
  const end = clock.monotonicMs() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure = toStoreError(error);
      if (!(failure instanceof StoreBusyError) || clock.monotonicMs() >= end) throw failure;
    }
    await clock.sleep(SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS));
  }
}
