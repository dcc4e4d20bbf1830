import type { EncryptionContext } from "../keys/key.js";
import type { ConditionValues, KeyUse } from "./operation.js";

interface Encryption {
  readonly EncryptionContext?: EncryptionContext;
  readonly EncryptionAlgorithm?: string;
  readonly GrantTokens?: readonly string[];
}

/** A cryptographic operation's use of a key: by alias too, across accounts too, with grants. */
export const cryptographicUse = (
  action: string,
  key: KeyUse["key"],
  { EncryptionContext: context, EncryptionAlgorithm, GrantTokens: grantTokens }: Encryption,
  conditions: ConditionValues = {},
): KeyUse => ({
  action,
  key,
  context,
  grantTokens,
  crossAccount: true,
  alias: true,
  conditions: { ...conditions, "kms:EncryptionAlgorithm": EncryptionAlgorithm ?? "SYMMETRIC_DEFAULT" },
});
