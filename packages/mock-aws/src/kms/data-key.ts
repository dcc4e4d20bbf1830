import { AwsFault } from "../front/aws-fault.js";
import { cryptographicFault, dryRunFault, encryptionBy } from "./cryptographic.js";
import { flag, type Input, oneOf, optional, required, shape, stringMap, whole } from "./input.js";
import { grantTokens, keyId, recipient } from "./members.js";
import { type KeyInCall, keyAt, type OperationServices } from "./operation.js";

/** What GenerateDataKey and GenerateDataKeyWithoutPlaintext have in common: all but the answer. */
export const dataKeyInput = shape({
  KeyId: required(keyId),
  KeySpec: optional(oneOf(["AES_256", "AES_128"])),
  NumberOfBytes: optional(whole(1, 1024)),
  EncryptionContext: optional(stringMap),
  GrantTokens: optional(grantTokens),
  DryRun: optional(flag),
  Recipient: optional(recipient),
});

export interface DataKey {
  readonly plaintext: Buffer;
  readonly ciphertext: Buffer;
  readonly keyArn: string;
  /** Absent where the upstream has no name for it. */
  readonly materialId: string | undefined;
}

export async function newDataKey(
  operation: string,
  input: Input<typeof dataKeyInput>,
  keys: readonly KeyInCall[],
  { upstream }: OperationServices,
): Promise<DataKey | AwsFault> {
  const key = keyAt(keys, 0);
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    return new AwsFault("ValidationException", "Please specify either number of bytes or key spec.");
  }
  const fault = (await cryptographicFault(key, encryptionBy(operation, undefined))) ?? dryRunFault(input.DryRun);
  if (fault) return fault;
  const length = input.NumberOfBytes ?? (input.KeySpec === "AES_128" ? 16 : 32);
  const generated = await upstream.generateDataKey(key.record, length, input.EncryptionContext ?? {});
  if (generated instanceof AwsFault) return generated;
  const { plaintext, ciphertext } = generated;
  return { plaintext, ciphertext, keyArn: key.record.arn, materialId: upstream.materialIdOf(key.record) ?? undefined };
}
