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
  conditions?: ConditionValues,
): KeyUse => ({
  action,
  key,
  context,
  grantTokens,
  crossAccount: true,
  alias: true,
  conditions: withAlgorithm(EncryptionAlgorithm ?? "SYMMETRIC_DEFAULT", conditions),
});

function withAlgorithm(algorithm: string, further: ConditionValues | undefined): ConditionValues {
  const conditions = { "kms:EncryptionAlgorithm": algorithm };
  return further === undefined ? conditions : { ...further, ...conditions };
}
