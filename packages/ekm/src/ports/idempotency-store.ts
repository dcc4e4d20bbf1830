import type { IdempotencyRecord, IdempotencyResult } from "../idempotency/record.js";

export interface IdempotencyRepository {
  find(scope: string, operation: string, key: string): Promise<IdempotencyRecord | null>;
  /** Inserts the claim, or takes over one without a result that was claimed before `voidBefore`. False: another holds it, or it has a result. */
  claim(record: IdempotencyRecord, voidBefore: Date): Promise<boolean>;
  /** Writes the result if the stored claim is this one (same `claimedAt`, none yet). False: the claim was taken over meanwhile; roll back. */
  complete(record: IdempotencyRecord, result: IdempotencyResult): Promise<boolean>;
  /** Removes the claim of a request that had no effect and may be tried again. */
  release(record: IdempotencyRecord): Promise<void>;
  /** Removes records claimed before then. Returns how many. */
  deleteBefore(before: Date, limit: number): Promise<number>;
}
