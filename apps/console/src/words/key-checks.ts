import type { KnownKeyCheckName } from "@ekm/client";

/** In the order in which they run. */
export const KEY_CHECKS: Readonly<Record<KnownKeyCheckName, string>> = {
  ARN_FORM: "The ARN is one of a KMS key",
  REGION: "Its Region is served",
  GENERATE_DATA_KEY: "We may make a data key",
  DECRYPT: "We may open it again",
  ENCRYPT: "We may encrypt",
  DESCRIBE: "We may look at the key",
  KEY_STATE: "The key is enabled",
  KEY_TYPE: "It is symmetric, for encryption",
  MULTI_REGION: "Single or multi-Region",
  REENCRYPT: "We may re-encrypt, to update the key later",
  FOREIGN_CONTEXT_REFUSED: "Another account's context is refused",
  EMPTY_CONTEXT_REFUSED: "A request without context is refused",
  KEY_NOT_TAKEN: "No other account uses this key",
};
