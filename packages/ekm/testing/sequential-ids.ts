import type { Ids } from "../src/ports/clock.js";

/** `acc_00000000000000000000000001`, `bkp_00000000000000000000000002`, ...: the same ids in every run, in ascending order. */
export function createSequentialIds(): Ids {
  let count = 0;
  return {
    next(prefix) {
      count += 1;
      return `${prefix}_${String(count).padStart(26, "0")}`;
    },
  };
}
