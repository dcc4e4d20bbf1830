/** AWS's simulated time: the real clock plus an offset that only grows. Milliseconds since 1970. */
export class SimulatedClock {
  #offsetMs = 0;

  constructor(private readonly real: { now(): Date }) {}

  /** The real clock: what effective times and events are given in. */
  wall(): number {
    return this.real.now().getTime();
  }

  /** What deletions, visibility and fault durations go by. */
  now(): number {
    return this.wall() + this.#offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** False, and no change, where that would move time back. */
  setOffset(offsetMs: number): boolean {
    if (offsetMs < this.#offsetMs) return false;
    this.#offsetMs = offsetMs;
    return true;
  }

  reset(): void {
    this.#offsetMs = 0;
  }
}
