import { errorCatalog } from "../generated/error-catalog.js";
import type { ProblemDetailsFragment, UserErrorDetailsFragment } from "../generated/operations.js";
import type { KnownErrorCode } from "../generated/vocabulary.js";

/** Refusals by the customer's key, and answers that were not used: the key is UNUSABLE with one of these. */
export const unusableCauses = [
  "KEY_DISABLED",
  "KEY_PENDING_DELETION",
  "KEY_PENDING_IMPORT",
  "KEY_NOT_FOUND",
  "KEY_ACCESS_DENIED",
  "KEY_USAGE_UNSUPPORTED",
  "AWS_ACCOUNT_SUSPENDED",
  "EXTERNAL_KEY_DISABLED",
  "EXTERNAL_KEY_NOT_FOUND",
  "EXTERNAL_KEY_DENIED",
  "ACCOUNT_KEY_UNREADABLE",
  "KMS_ANSWER_INVALID",
] as const satisfies readonly KnownErrorCode[];

/** What passes, or is the vendor's own: the key is DEGRADED with one of these. */
export const degradedCauses = [
  "KEY_UNAVAILABLE",
  "EXTERNAL_KEY_STORE_UNREACHABLE",
  "KMS_THROTTLED",
  "KMS_INTERNAL",
  "KMS_UNREACHABLE",
  "VENDOR_AWS_FAULT",
] as const satisfies readonly KnownErrorCode[];

/** With which a job can end as FAILED. */
export const jobProblems = [
  ...unusableCauses,
  ...degradedCauses,
  "BACKUP_CORRUPT",
  "SOURCE_UNAVAILABLE",
  "RESTORE_TARGET_INVALID",
  "STORAGE_UNAVAILABLE",
  "STORAGE_FULL",
  "KEYS_LOCKED",
  "INTERNAL",
] as const satisfies readonly KnownErrorCode[];

const DENIED_BECAUSE = [
  "The key policy was changed and no longer admits this service.",
  "The key was deleted.",
  "The AWS account that owns the key is suspended or closed.",
];

const AWS_ERROR_NAMES: Partial<Record<KnownErrorCode, string>> = {
  KEY_DISABLED: "DisabledException",
  KEY_PENDING_DELETION: "KMSInvalidStateException",
  KEY_PENDING_IMPORT: "KMSInvalidStateException",
  KEY_UNAVAILABLE: "KMSInvalidStateException",
  KEY_NOT_FOUND: "NotFoundException",
  KEY_ACCESS_DENIED: "AccessDeniedException",
  KEY_USAGE_UNSUPPORTED: "InvalidKeyUsageException",
  EXTERNAL_KEY_DISABLED: "KMSInvalidStateException",
  EXTERNAL_KEY_NOT_FOUND: "KMSInvalidStateException",
  EXTERNAL_KEY_DENIED: "KMSInvalidStateException",
  EXTERNAL_KEY_STORE_UNREACHABLE: "KMSInvalidStateException",
  KMS_THROTTLED: "ThrottlingException",
  KMS_INTERNAL: "KMSInternalException",
};

export function problem(code: KnownErrorCode, keyArn: string | null = null): ProblemDetailsFragment {
  const { meaning, remedy, retryable } = errorCatalog[code];
  const awsErrorName = AWS_ERROR_NAMES[code] ?? null;
  return {
    code,
    message: meaning,
    remedy,
    retryable,
    possibleCauses: code === "KEY_ACCESS_DENIED" ? DENIED_BECAUSE : [],
    keyArn,
    awsErrorName,
    awsRequestId: awsErrorName === null ? null : "6b1f0c3a-5d0e-4c8e-9a57-2f1f6f1d7a10",
  };
}

const RETRY_AFTER_MS: Partial<Record<KnownErrorCode, number>> = { REQUEST_IN_PROGRESS: 500, STORAGE_UNAVAILABLE: 1000 };

export function userError(code: KnownErrorCode, field: readonly string[] | null = null): UserErrorDetailsFragment {
  const { meaning, remedy, retryable } = errorCatalog[code];
  return { code, message: meaning, remedy, retryable, field, retryAfterMs: RETRY_AFTER_MS[code] ?? null };
}
