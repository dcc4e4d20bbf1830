import type { Repositories } from "../ports/store.js";
import type { KeyCheck } from "../preflight/key-check.js";
import type { IdempotencyRecord, IdempotencyResult } from "./record.js";

/** Rolls the effect back: the claim was taken for dead and another equal request is at work. */
export class ClaimLost extends Error {
  override name = "ClaimLost";
}

/**
 * The right to carry a request out, handed to the work and on to whoever writes its effect.
 */
export interface Claim<T> {
  /**
   * Notes the success, in the transaction of the effect and as its last write: both are there afterwards, or neither. Every
   * success calls it once, one without an effect too. Throws {@link ClaimLost}, which undoes the transaction.
   */
  complete(tx: Repositories, value: T, checks?: readonly KeyCheck[]): Promise<void>;
}

/** Of a request without an idempotency key. */
export const NO_CLAIM: Claim<unknown> = { complete: async () => {} };

/** Of a request with one. `settled` says whether the success was noted (and, if the transaction went through, stored). */
export class HeldClaim<T> implements Claim<T> {
  settled = false;

  constructor(
    readonly record: IdempotencyRecord,
    private readonly idOf: (value: T) => string,
  ) {}

  async complete(tx: Repositories, value: T, checks?: readonly KeyCheck[]): Promise<void> {
    const result: IdempotencyResult = { ok: true, entityId: this.idOf(value), ...(checks === undefined ? {} : { checks }) };
    if (!(await tx.idempotency.complete(this.record, result))) throw new ClaimLost();
    this.settled = true;
  }
}
