/** What a running job reports and asks. Implemented by the worker over its fenced rows. */
export interface JobControl {
  /** At most a few times a second is written on; call it as often as you like. */
  progress(update: { bytesDone: bigint; bytesTotal?: bigint; itemsDone: bigint; itemsTotal?: bigint }): void;
  /** Aborts on cancellation, on a lost fence and on shutdown; `reason` is a JobStop. */
  readonly signal: AbortSignal;
  /** Upper bound of plaintext bytes a second; undefined: none. */
  readonly maxBytesPerSecond?: bigint;
}
export type JobStop = "cancelled" | "fence-lost" | "shutting-down";
