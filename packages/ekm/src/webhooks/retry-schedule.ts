const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses after the first, second, ... attempt that failed: the schedule that Standard Webhooks suggests, 75 hours in all. */
const PAUSES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;
/** Up to so much of a pause is added, so that what failed together is not tried again together. */
const JITTER = 0.2;
const LONGEST_MS = 24 * HOUR;

/**
 * How long to wait after the attempt of that number (from 1) failed; null: it was the last. A receiver that asks for more time is
 * given it, up to a day. `random`: from 0 to 1.
 */
export function pauseAfter(attempt: number, retryAfterMs = 0, random: () => number = Math.random): number | null {
  const pause = PAUSES_MS[attempt - 1];
  if (pause === undefined) return null;
  return Math.max(pause * (1 + JITTER * random()), Math.min(retryAfterMs, LONGEST_MS));
}

export const MAX_ATTEMPTS = PAUSES_MS.length + 1;
