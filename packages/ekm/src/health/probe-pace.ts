const SLOWEST_ROUND_MS = 5_000;

/** How often to look for keys that are due: twice in an interval, and at least every 2.5 s. */
export const probeRoundMs = (healthIntervalSeconds: number): number =>
  Math.min(healthIntervalSeconds * 1000, SLOWEST_ROUND_MS) / 2;

/** From when on a key is due: a round early, so that no key goes unwatched for longer than the interval. */
export const dueAfterMs = (healthIntervalSeconds: number): number =>
  healthIntervalSeconds * 1000 - probeRoundMs(healthIntervalSeconds);
