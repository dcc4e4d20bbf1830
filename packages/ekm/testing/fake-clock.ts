import type { Clock } from "../src/ports/clock.js";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves both clocks on, waking sleepers in order and letting what they resume run before the next one. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, forwards or back (a corrected clock). */
  stepWall(ms: number): void;
  /** How many sleep now. */
  readonly sleepers: number;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createFakeClock(start: Date = new Date("2026-01-05T08:00:00.000Z")): FakeClock {
  let monotonic = 0;
  let wallOffset = start.getTime();
  let sleeping: Sleeper[] = [];
  return {
    now: () => new Date(monotonic + wallOffset),
    monotonicMs: () => monotonic,
    sleep(ms, signal) {
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: monotonic + ms,
          wake: () => {
            sleeping = sleeping.filter((other) => other !== sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleeping.push(sleeper);
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      });
    },
    async advance(ms) {
      const end = monotonic + ms;
      for (;;) {
        const next = sleeping.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        monotonic = Math.max(monotonic, next.at);
        next.wake();
        await settle();
      }
      monotonic = end;
      await settle();
    },
    stepWall(ms) {
      wallOffset += ms;
    },
    get sleepers() {
      return sleeping.length;
    },
  };
}
