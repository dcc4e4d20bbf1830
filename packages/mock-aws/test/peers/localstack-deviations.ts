/** The version of LocalStack that the list was seen on: the last free one. */
export const LOCALSTACK_VERSION = "4.14.0";

interface Deviation {
  readonly does: string;
  /** How the front that stands before it hides this. */
  readonly hiddenBy: string;
}

const WORKS = "lets it through";
const deviation = (does: string, hiddenBy: string): Deviation => ({ does, hiddenBy });

const signature = deviation(WORKS, "checks Signature Version 4");
const unchecked = deviation(WORKS, "validates requests");
const policies = deviation(WORKS, "evaluates key policies");
const grants = deviation("lets everybody in", "evaluates grants");

/** Where LocalStack answers otherwise than AWS, by the probe's id. A test asks for each and fails where one is mended. */
export const LOCALSTACK_DEVIATIONS: Readonly<Record<string, Deviation>> = {
  "cancel-deletion-text": deviation("another text", "has AWS's table of key states"),
  "schedule-deletion-answer": deviation("answers the bare id", "answers"),
  "enable-without-material": deviation(WORKS, "holds keys with imported material itself"),
  "unsigned-request": signature,
  "unknown-access-key": deviation(
    "an id of 12 digits is the account; every other means 000000000000",
    "keeps accounts, and calls LocalStack as the key's owner",
  ),
  "wrong-secret": signature,
  "old-signature": signature,
  "explicit-deny": policies,
  "context-condition": deviation("ignores them", "evaluates key policies"),
  "malformed-policy": deviation(WORKS, "validates policies"),
  "policy-lockout": deviation(WORKS, "validates policies"),
  "policy-name": deviation("UnsupportedOperationException without one", "keeps policies"),
  "cross-account-open": deviation(WORKS, "evaluates key policies, grants and identity policies"),
  "cross-account-missing-key": deviation(
    "NotFoundException: tells strangers which keys exist",
    "answers for keys that are not there",
  ),
  "cross-account-decrypt-by-ciphertext": deviation("NotFoundException: looks in the caller's account alone", "finds the key"),
  "cross-account-administration": deviation("NotFoundException", "evaluates key policies"),
  "cross-account-grant": grants,
  "grant-constraint": grants,
  "grant-revoked": grants,
  "grant-retired-by-anyone": deviation(WORKS, "keeps grants"),
  "alias-where-key-is-needed": deviation("takes an alias", "resolves identifiers"),
  "missing-parameter": deviation("InternalError", "validates requests"),
  "data-key-arguments": unchecked,
  "data-key-length": deviation("always 32 bytes", "makes data keys of another length itself and has them encrypted"),
  "data-key-too-long": unchecked,
  "key-spec-unknown": deviation("UnsupportedOperationException", "validates requests"),
  "description-too-long": unchecked,
  "foreign-ciphertext": deviation("NotFoundException that repeats the bytes", "looks at the ciphertext first"),
  "context-ambiguous": deviation("joins them without lengths: {a: bc} opens with {ab: c}", "hands over a digest of the context"),
  "invalid-marker": deviation("answers the first page", "lists"),
  "dry-run": deviation("carries the request out", "answers dry runs"),
  "alias-of-aws": deviation(WORKS, "keeps aliases"),
  "alias-missing": deviation("another text", "keeps aliases"),
  "public-key-of-symmetric-key": deviation("answers 200 without a public key", "holds key pairs itself"),
  "re-encrypt-by-ciphertext": deviation("InternalError", "decrypts and encrypts"),
  "rotation-period": deviation("does not check it", "keeps rotation"),
  "rotation-of-a-pair": deviation(WORKS, "keeps rotation"),
  "rotation-on-demand": deviation("has no ListKeyRotations", "keeps rotation"),
  "custom-key-stores": deviation("has no such operation", "keeps custom key stores"),
};
