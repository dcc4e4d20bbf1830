/** The version of LocalStack that the list below was seen on: the last free one. */
export const LOCALSTACK_VERSION = "4.14.0";

export interface Deviation {
  readonly id: string;
  readonly aws: string;
  readonly localstack: string;
  /** How the front in front of it hides this; null: it does not. */
  readonly hiddenBy: string | null;
}

/**
 * Where LocalStack's KMS answers otherwise than AWS's. A test against a real LocalStack has one probe for each and fails on the
 * day it is mended, so that what hides it can go. docs/localstack.md is written from this list.
 */
export const DEVIATIONS = [
  {
    id: "unsigned-requests",
    aws: "MissingAuthenticationTokenException",
    localstack: "carries out a request without any signature",
    hiddenBy: "the front checks Signature Version 4",
  },
  {
    id: "account-is-access-key",
    aws: "an access key belongs to an account",
    localstack: "the access key id is the account if it has 12 digits; every other one means 000000000000",
    hiddenBy: "the front keeps accounts, and calls LocalStack as the key's owner",
  },
  {
    id: "key-policy-ignored",
    aws: "an explicit Deny refuses",
    localstack: "stores a key policy and never evaluates it",
    hiddenBy: "the front evaluates key policies",
  },
  {
    id: "malformed-policy-accepted",
    aws: "MalformedPolicyDocumentException",
    localstack: "stores any text as a policy, and one that locks its owner out",
    hiddenBy: "the front validates policies",
  },
  {
    id: "cross-account-open",
    aws: "another account needs a policy or a grant",
    localstack: "encrypts for any account that knows the key's ARN",
    hiddenBy: "the front evaluates key policies, grants and identity policies",
  },
  {
    id: "cross-account-missing-key",
    aws: "AccessDeniedException, the same as for a key that may not be used",
    localstack: "NotFoundException: tells strangers which keys exist",
    hiddenBy: "the front answers for keys that are not there",
  },
  {
    id: "cross-account-decrypt-by-ciphertext",
    aws: "a ciphertext names its key, whoever owns it",
    localstack: "NotFoundException without a KeyId: looks in the caller's account alone",
    hiddenBy: "the front finds the key",
  },
  {
    id: "retire-grant-by-anyone",
    aws: "only who the grant or its account lets",
    localstack: "retires a grant for whoever brings its token",
    hiddenBy: "the front keeps grants",
  },
  {
    id: "encryption-context-ambiguous",
    aws: "names and values are bound one by one",
    localstack: "joins them without lengths: {a: bc} opens with {ab: c}",
    hiddenBy: "the front hands over a digest of the context",
  },
  {
    id: "foreign-ciphertext",
    aws: "InvalidCiphertextException",
    localstack: "NotFoundException that repeats the bytes",
    hiddenBy: "the front looks at the ciphertext first",
  },
  {
    id: "data-key-length",
    aws: "NumberOfBytes, or 16 bytes for AES_128",
    localstack: "always 32 bytes",
    hiddenBy: "the front makes data keys of another length itself and has them encrypted",
  },
  {
    id: "data-key-arguments",
    aws: "ValidationException for both or neither of NumberOfBytes and KeySpec",
    localstack: "answers a data key",
    hiddenBy: "the front validates requests",
  },
  {
    id: "dry-run-ignored",
    aws: "DryRunOperationException",
    localstack: "Encrypt and GenerateDataKey carry the request out",
    hiddenBy: "the front answers dry runs",
  },
  {
    id: "cancel-deletion-text",
    aws: "`<arn> is not pending deletion.`",
    localstack: "a text of its own",
    hiddenBy: "the front has AWS's table of key states",
  },
  {
    id: "enable-without-material",
    aws: "KMSInvalidStateException `<arn> is pending import.`",
    localstack: "enables a key that has no material",
    hiddenBy: "the front holds keys with imported material itself",
  },
  {
    id: "schedule-deletion-bare-id",
    aws: "KeyId is the key's ARN",
    localstack: "KeyId is the bare id",
    hiddenBy: "the front answers",
  },
  {
    id: "alias-where-key-is-needed",
    aws: "EnableKey wants a key id or ARN",
    localstack: "takes an alias",
    hiddenBy: "the front resolves identifiers",
  },
  {
    id: "public-key-of-symmetric-key",
    aws: "UnsupportedOperationException",
    localstack: "answers 200 without a public key",
    hiddenBy: "the front holds key pairs itself",
  },
  {
    id: "invalid-marker",
    aws: "InvalidMarkerException",
    localstack: "answers the first page",
    hiddenBy: "the front lists",
  },
] as const satisfies readonly Deviation[];

export type DeviationId = (typeof DEVIATIONS)[number]["id"];
