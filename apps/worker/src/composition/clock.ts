import { readFileSync } from "node:fs";
import { type LeaseClock, systemLeaseClock } from "@ekm/crypto-core";
import { type Clock, shiftedClock, systemClock } from "@ekm/ekm";

/** The machine's clocks. For experiments: with the wall clock off by the milliseconds in a file, which is read at each look. */
export function composeClocks(offsetFile: string | undefined): { readonly clock: Clock; readonly leaseClock: LeaseClock } {
  if (offsetFile === undefined) return { clock: systemClock, leaseClock: systemLeaseClock };
  const offsetMs = () => readOffset(offsetFile);
  return {
    clock: shiftedClock(systemClock, offsetMs),
    leaseClock: { ...systemLeaseClock, wallMs: () => systemLeaseClock.wallMs() + offsetMs() },
  };
}

/** A clock never throws: a file that is not there sets nothing off. */
function readOffset(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}
