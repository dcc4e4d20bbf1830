import type { Rejection } from "../errors/outcome.js";
import type { KeyCheck } from "../preflight/key-check.js";

/**
 * What an idempotency key stands for. Claimed before the work, completed in the transaction of the effect. A claim whose holder
 * died is void after `CLAIM_MS`: nothing of its effect was committed, for otherwise it would be complete.
 */
export interface IdempotencyRecord {
  /** The account (or "support:<subject>" where the caller has none), the operation and the caller's key: unique together. */
  readonly scope: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the canonical input, hex. */
  readonly bodyHash: string;
  readonly claimedAt: Date;
  readonly result?: IdempotencyResult;
}

/** Names the entity, not its state: a replay shows what it is now. Codes and verdicts are kept as they were. */
export type IdempotencyResult =
  | { readonly ok: true; readonly entityId: string; readonly checks?: readonly KeyCheck[] }
  | { readonly ok: false; readonly rejections: readonly Rejection[]; readonly checks?: readonly KeyCheck[] };

export const CLAIM_MS = 60_000;
