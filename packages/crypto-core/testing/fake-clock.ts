import type { LeaseClock } from "../src/index.js";

/** A clock that moves only when told. */
export class FakeClock implements LeaseClock {
  #monotonic = 1_000;
  #wall = 1_700_000_000_000;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  monotonicMs(): number {
    return this.#monotonic;
  }
  wallMs(): number {
    return this.#wall;
  }
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = {
        atMs: this.#monotonic + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake, { once: true });
    });
  }

  /** Time passes: sleepers wake in their order, and what they start settles before time goes on. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#monotonic + ms;
    for (;;) {
      const [next] = [...this.#sleepers].filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#pass(Math.max(0, next.atMs - this.#monotonic));
      next.wake();
      await settle();
    }
    this.#pass(end - this.#monotonic);
    await settle();
  }

  /** Time passes while the process is stopped: nobody wakes before the next `advance`. */
  stall(ms: number): void {
    this.#pass(ms);
  }

  /** Somebody sets the wall clock, forward or back. */
  jumpWall(ms: number): void {
    this.#wall += ms;
  }

  #pass(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }
}

/** Lets everything that needs no more time run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
