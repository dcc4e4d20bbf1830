/** Descriptions that many types share. */
export const FIRST = "How many at most, 1 to 100. Null: the default.";
export const AFTER = "A cursor of this list (`pageInfo.endCursor`): what comes behind it. Null: from the beginning.";
export const INPUT = "What is asked for.";
export const ACCOUNT_ID = "Null: the caller's own account.";
export const IDEMPOTENCY_KEY =
  "1 to 200 printable characters of your choice. The same key and body answers the first result again; another body is IDEMPOTENCY_KEY_REUSED. Null: not protected.";
export const KEY_ARN = "The key's ARN. A wrong one is a userError with a code of its own.";
export const MADE = "What was made, or was made before under the same idempotency key. Null when there are userErrors.";
export const AS_IT_IS = "The account as it is now. Null when there are userErrors.";
export const CHECKS = "Every check in the order in which it ran. Empty when the request was refused before any ran.";
export const USER_ERRORS = "What was wrong with the request. Empty when it was carried out.";
export const RETRYABLE = "Whether the same request can succeed later without a change to it.";
