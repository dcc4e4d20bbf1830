import type { Clock } from "./clock.js";

/** The same machine with its wall clock set off by `offsetMs()`, which is asked at each look. Its monotonic clock is not touched. */
export const shiftedClock = (clock: Clock, offsetMs: () => number): Clock => ({
  ...clock,
  now: () => new Date(clock.now().getTime() + offsetMs()),
});
