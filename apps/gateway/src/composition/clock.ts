import { readFileSync } from "node:fs";
import { type Clock, shiftedClock, systemClock } from "@ekm/ekm";

/** The machine's clock. For experiments: with its wall clock off by the milliseconds in a file, which is read at each look. */
export function composeClock(offsetFile: string | undefined): Clock {
  return offsetFile === undefined ? systemClock : shiftedClock(systemClock, () => readOffset(offsetFile));
}

/** A clock never throws: a file that is not there sets nothing off. */
function readOffset(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}
