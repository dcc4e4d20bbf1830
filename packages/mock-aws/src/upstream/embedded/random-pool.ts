import { randomFillSync } from "node:crypto";

const POOL_BYTES = 16 * 1024;

/** Random bytes from node:crypto, fetched many at a time: a call for a few bytes costs as much as one for thousands. */
export function createRandomPool(): (bytes: number) => Buffer {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (bytes) => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = Buffer.from(pool.subarray(used, used + bytes));
    pool.fill(0, used, used + bytes);
    used += bytes;
    return taken;
  };
}
