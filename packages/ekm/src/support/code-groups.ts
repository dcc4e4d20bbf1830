import type { ErrorCode } from "../errors/codes.js";

const of = (...codes: readonly ErrorCode[]): ReadonlySet<ErrorCode> => new Set(codes);

/** A backup or restore failed because of the key or on the road to it: it can work again without anything else being changed. */
const OF_THE_KEY = of(
  "KEYS_LOCKED",
  "KEY_DISABLED",
  "KEY_PENDING_DELETION",
  "KEY_PENDING_IMPORT",
  "KEY_UNAVAILABLE",
  "KEY_NOT_FOUND",
  "KEY_ACCESS_DENIED",
  "KEY_USAGE_UNSUPPORTED",
  "AWS_ACCOUNT_SUSPENDED",
  "EXTERNAL_KEY_STORE_UNREACHABLE",
  "EXTERNAL_KEY_DISABLED",
  "EXTERNAL_KEY_NOT_FOUND",
  "EXTERNAL_KEY_DENIED",
  "KMS_THROTTLED",
  "KMS_UNREACHABLE",
  "KMS_INTERNAL",
  "VENDOR_AWS_FAULT",
);

/** The cause is with us, or may be: our operators have to look, and no customer is to be sent to their key. */
const OURS = of(
  "VENDOR_AWS_FAULT",
  "KMS_ANSWER_INVALID",
  "ACCOUNT_KEY_UNREADABLE",
  "BACKUP_CORRUPT",
  "STORAGE_UNAVAILABLE",
  "STORAGE_FULL",
  "INTERNAL",
);

export const isOfTheKey = (code: ErrorCode): boolean => OF_THE_KEY.has(code);
export const isOurs = (code: ErrorCode): boolean => OURS.has(code);
