/** Time. `now` is the wall clock; `monotonicMs` never goes back and does not stop for a stopped process. Neither throws. */
export interface Clock {
  now(): Date;
  monotonicMs(): number;
  /** Resolves after `ms`; at once, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new id `<prefix>_<26 characters>`: sorts by time of creation, never repeats. */
  next(prefix: string): string;
}
