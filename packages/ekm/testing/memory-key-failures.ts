import type { ErrorCode, FailureClass, KmsFailure } from "../src/index.js";

interface FailureRow {
  readonly failureClass: FailureClass;
  readonly awsErrorName?: string;
  readonly message: string;
  readonly possibleCauses?: readonly string[];
}

/** What a key service answers, by code: the same classes and AWS names as the adapter for AWS gives. */
const ROWS = {
  KEY_DISABLED: { failureClass: "refusal", awsErrorName: "DisabledException", message: "The key is disabled." },
  KEY_PENDING_DELETION: {
    failureClass: "refusal",
    awsErrorName: "KMSInvalidStateException",
    message: "The key is scheduled for deletion.",
  },
  KEY_PENDING_IMPORT: {
    failureClass: "refusal",
    awsErrorName: "KMSInvalidStateException",
    message: "The key awaits its material.",
  },
  KEY_UNAVAILABLE: { failureClass: "transient", awsErrorName: "KMSInvalidStateException", message: "The key is unavailable." },
  KEY_NOT_FOUND: { failureClass: "refusal", awsErrorName: "NotFoundException", message: "The key does not exist." },
  KEY_ACCESS_DENIED: {
    failureClass: "refusal",
    awsErrorName: "AccessDeniedException",
    message: "AWS denied the use of the key.",
    possibleCauses: ["the key policy changed", "the key was deleted", "the AWS account is suspended or closed"],
  },
  KEY_USAGE_UNSUPPORTED: {
    failureClass: "refusal",
    awsErrorName: "InvalidKeyUsageException",
    message: "The key is not made for encryption.",
  },
  EXTERNAL_KEY_DISABLED: {
    failureClass: "refusal",
    awsErrorName: "KMSInvalidStateException",
    message: "The external key is not enabled.",
  },
  EXTERNAL_KEY_NOT_FOUND: {
    failureClass: "refusal",
    awsErrorName: "KMSInvalidStateException",
    message: "The external key was not found.",
  },
  EXTERNAL_KEY_DENIED: {
    failureClass: "refusal",
    awsErrorName: "KMSInvalidStateException",
    message: "The external key manager denied access.",
  },
  EXTERNAL_KEY_STORE_UNREACHABLE: {
    failureClass: "transient",
    awsErrorName: "KMSInvalidStateException",
    message: "The external key store did not answer in time.",
  },
  KMS_THROTTLED: {
    failureClass: "transient",
    awsErrorName: "ThrottlingException",
    message: "AWS KMS limited the rate of calls.",
  },
  KMS_UNREACHABLE: { failureClass: "transient", message: "AWS KMS could not be reached." },
  KMS_INTERNAL: { failureClass: "transient", awsErrorName: "KMSInternalException", message: "AWS KMS had a fault of its own." },
  KMS_ANSWER_INVALID: { failureClass: "data", message: "AWS KMS answered with something other than what was asked for." },
  ACCOUNT_KEY_UNREADABLE: {
    failureClass: "data",
    awsErrorName: "InvalidCiphertextException",
    message: "The wrapped key cannot be opened with this key and context.",
  },
  VENDOR_AWS_FAULT: {
    failureClass: "ours",
    awsErrorName: "UnrecognizedClientException",
    message: "The service's own AWS credentials were not accepted.",
  },
  INPUT_INVALID: { failureClass: "input", message: "The request cannot be sent to AWS KMS." },
  INTERNAL: { failureClass: "ours", awsErrorName: "ValidationException", message: "AWS KMS did not understand the request." },
} as const satisfies Partial<Record<ErrorCode, FailureRow>>;

/** The codes with which a key service can fail. */
export type KeyServiceCode = keyof typeof ROWS;
export const KEY_SERVICE_CODES = Object.keys(ROWS) as readonly KeyServiceCode[];

export function keyServiceFailure(code: KeyServiceCode, keyArn: string, awsRequestId?: string): KmsFailure {
  const row: FailureRow = ROWS[code];
  return {
    code,
    failureClass: row.failureClass,
    message: row.message,
    possibleCauses: row.possibleCauses ?? [],
    keyArn,
    ...(row.awsErrorName === undefined ? {} : { awsErrorName: row.awsErrorName }),
    ...(awsRequestId === undefined || row.awsErrorName === undefined ? {} : { awsRequestId }),
  };
}
