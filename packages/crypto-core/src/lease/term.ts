import type { LeaseClock } from "./api.js";

/**
 * The time that one unwrap pays for, counted from its construction: make it before the request is sent. Its age is the larger
 * of what the monotonic and the wall clock say and never falls: a wall clock that is set back takes nothing off, and a term that
 * has once been seen to pass has passed for good.
 */
export class LeaseTerm {
  readonly #clock: LeaseClock;
  readonly #durationMs: number;
  readonly #monotonicStart: number;
  #wallSeen: number;
  #wallAge = 0;

  constructor(clock: LeaseClock, durationMs: number) {
    this.#clock = clock;
    this.#durationMs = durationMs;
    this.#monotonicStart = clock.monotonicMs();
    this.#wallSeen = clock.wallMs();
  }

  ageMs(): number {
    const wall = this.#clock.wallMs();
    if (wall > this.#wallSeen) this.#wallAge += wall - this.#wallSeen;
    this.#wallSeen = wall;
    return Math.max(this.#wallAge, this.#clock.monotonicMs() - this.#monotonicStart);
  }

  remainingMs(): number {
    return Math.max(0, this.#durationMs - this.ageMs());
  }

  hasPassed(): boolean {
    return this.ageMs() >= this.#durationMs;
  }
}
