import type { ErrorCode, FailureClass } from "@ekm/ekm";
import type { AwsAnswer } from "./aws-answer.js";
import { isTransportFault } from "./classify-transport.js";

export interface Classification {
  readonly failureClass: FailureClass;
  readonly code: ErrorCode;
  /** False: no row of the table fits, which is worth a loud log line. */
  readonly known: boolean;
}

interface Row {
  readonly names: readonly string[];
  /** Any text, if absent. */
  readonly text?: RegExp;
  readonly failureClass: FailureClass;
  readonly code: ErrorCode;
}

const STATE = ["KMSInvalidStateException"];

/**
 * AWS KMS's answers to a cryptographic call; the first row that fits decides. Sources: AWS KMS Developer Guide, "Key states of
 * AWS KMS keys" and "Troubleshooting external key stores"; AWS documents pending deletion with both exceptions.
 */
export const ANSWER_TABLE: readonly Row[] = [
  {
    names: ["DisabledException", ...STATE],
    text: /is pending (replica )?deletion/i,
    failureClass: "refusal",
    code: "KEY_PENDING_DELETION",
  },
  { names: ["DisabledException"], failureClass: "refusal", code: "KEY_DISABLED" },
  { names: STATE, text: /is pending import/i, failureClass: "refusal", code: "KEY_PENDING_IMPORT" },
  { names: STATE, text: /is (unavailable|creating|updating)\b/i, failureClass: "transient", code: "KEY_UNAVAILABLE" },
  { names: STATE, text: /external key.*not enabled/i, failureClass: "refusal", code: "EXTERNAL_KEY_DISABLED" },
  { names: STATE, text: /could not find/i, failureClass: "refusal", code: "EXTERNAL_KEY_NOT_FOUND" },
  {
    names: STATE,
    text: /denied access/i,
    failureClass: "refusal",
    code: "EXTERNAL_KEY_DENIED",
  },
  {
    names: STATE,
    text: /did not respond in time|cannot communicate|unhealthy/i,
    failureClass: "transient",
    code: "EXTERNAL_KEY_STORE_UNREACHABLE",
  },
  { names: STATE, failureClass: "transient", code: "KEY_UNAVAILABLE" },
  { names: ["NotFoundException"], failureClass: "refusal", code: "KEY_NOT_FOUND" },
  { names: ["AccessDeniedException"], failureClass: "refusal", code: "KEY_ACCESS_DENIED" },
  {
    names: [
      "OptInRequired",
      "UnrecognizedClientException",
      "InvalidClientTokenId",
      "ExpiredToken",
      "ExpiredTokenException",
      "InvalidSignatureException",
      "IncompleteSignature",
      "IncompleteSignatureException",
      "MissingAuthenticationToken",
      "MissingAuthenticationTokenException",
      "RequestExpired",
      "CredentialsProviderError",
    ],
    failureClass: "ours",
    code: "VENDOR_AWS_FAULT",
  },
  {
    names: ["ValidationException", "UnsupportedOperationException", "InvalidArnException"],
    failureClass: "ours",
    code: "INTERNAL",
  },
  { names: ["InvalidKeyUsageException"], failureClass: "refusal", code: "KEY_USAGE_UNSUPPORTED" },
  { names: ["InvalidCiphertextException", "IncorrectKeyException"], failureClass: "data", code: "ACCOUNT_KEY_UNREADABLE" },
  { names: ["ThrottlingException", "LimitExceededException"], failureClass: "transient", code: "KMS_THROTTLED" },
  {
    names: ["KMSInternalException", "KeyUnavailableException", "DependencyTimeoutException"],
    failureClass: "transient",
    code: "KMS_INTERNAL",
  },
];

/** AWS's answer first, then the road to it, then the status; what fits nothing is a transient fault of AWS and marked unknown. */
export function classifyAnswer(answer: AwsAnswer): Classification {
  const row = ANSWER_TABLE.find(
    ({ names, text }) => names.includes(answer.name) && (text === undefined || text.test(answer.text)),
  );
  if (row !== undefined) return { failureClass: row.failureClass, code: row.code, known: true };
  if (isTransportFault(answer)) return { failureClass: "transient", code: "KMS_UNREACHABLE", known: true };
  return { failureClass: "transient", code: "KMS_INTERNAL", known: answer.status !== undefined && answer.status >= 500 };
}
