import type { IdempotencyRecord } from "../../src/idempotency/record.js";
import type { IdempotencyRepository } from "../../src/ports/idempotency-store.js";
import type { Tables } from "./state.js";

const keyOf = (scope: string, operation: string, key: string) => JSON.stringify([scope, operation, key]);

export function memoryIdempotency({ read, write }: Tables): IdempotencyRepository {
  const stored = ({ scope, operation, key }: IdempotencyRecord) => read().idempotency.get(keyOf(scope, operation, key));
  const put = (record: IdempotencyRecord) => write().idempotency.set(keyOf(record.scope, record.operation, record.key), record);
  /** The claim as it is stored, if it is still this one and without a result. */
  const ownClaim = (record: IdempotencyRecord) => {
    const row = stored(record);
    return row && row.result === undefined && row.claimedAt.getTime() === record.claimedAt.getTime() ? row : null;
  };

  return {
    async find(scope, operation, key) {
      return read().idempotency.get(keyOf(scope, operation, key)) ?? null;
    },
    async claim({ result: _none, ...claim }, voidBefore) {
      const row = stored(claim);
      const free = !row || (row.result === undefined && row.claimedAt < voidBefore);
      if (free) put(claim);
      return free;
    },
    async complete(record, result) {
      const claim = ownClaim(record);
      if (claim) put({ ...claim, result });
      return claim !== null;
    },
    async release(record) {
      if (ownClaim(record)) write().idempotency.delete(keyOf(record.scope, record.operation, record.key));
    },
    async deleteBefore(before, limit) {
      const doomed = [...read().idempotency]
        .filter(([, record]) => record.claimedAt < before)
        .sort(([, a], [, b]) => a.claimedAt.getTime() - b.claimedAt.getTime())
        .slice(0, limit);
      for (const [key] of doomed) write().idempotency.delete(key);
      return doomed.length;
    },
  };
}
