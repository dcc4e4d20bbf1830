import type { ErrorCode } from "../errors/codes.js";

/** In the order in which they run. */
export const KEY_CHECKS = [
  "ARN_FORM",
  "REGION",
  "GENERATE_DATA_KEY",
  "DECRYPT",
  "ENCRYPT",
  "DESCRIBE",
  "KEY_STATE",
  "KEY_TYPE",
  "MULTI_REGION",
  "REENCRYPT",
  "FOREIGN_CONTEXT_REFUSED",
  "EMPTY_CONTEXT_REFUSED",
  "KEY_NOT_TAKEN",
] as const;
export type KeyCheckName = (typeof KEY_CHECKS)[number];
export type Verdict = "PASS" | "WARN" | "FAIL" | "SKIPPED";

export interface KeyCheck {
  readonly check: KeyCheckName;
  readonly verdict: Verdict;
  readonly code?: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
}
