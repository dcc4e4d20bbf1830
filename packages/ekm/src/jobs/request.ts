import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import type { JobProgress } from "./job.js";

export const NO_PROGRESS: JobProgress = { bytesDone: 0n, itemsDone: 0n };

const MAX_BYTES_PER_SECOND = 2n ** 63n - 1n;

/** The speed limit of a job as fields to spread: none when it is not given. */
export function speedLimit(maxBytesPerSecond: bigint | undefined): Outcome<{ maxBytesPerSecond?: bigint }, readonly Rejection[]> {
  if (maxBytesPerSecond === undefined) return ok({});
  if (maxBytesPerSecond >= 1n && maxBytesPerSecond <= MAX_BYTES_PER_SECOND) return ok({ maxBytesPerSecond });
  return fail([rejection("INPUT_INVALID", "At least 1 byte per second is needed.", ["input", "maxBytesPerSecond"])]);
}
