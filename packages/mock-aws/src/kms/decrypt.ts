import { AwsFault } from "../front/aws-fault.js";
import { ciphertextKeyFault } from "./ciphertext-key.js";
import { cryptographicFault, dryRunFault } from "./cryptographic.js";
import { flag, optional, required, shape, stringMap } from "./input.js";
import { ciphertextBlob, encryptionAlgorithm, keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

export const decrypt = defineOperation({
  name: "Decrypt",
  input: shape({
    CiphertextBlob: required(ciphertextBlob),
    KeyId: optional(keyId),
    EncryptionContext: optional(stringMap),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    DryRun: optional(flag),
  }),
  uses: (input) => [
    {
      action: "kms:Decrypt",
      key: input.KeyId ?? { ofCiphertext: input.CiphertextBlob },
      context: input.EncryptionContext,
      crossAccount: true,
    },
  ],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const fault =
      (await cryptographicFault(key, "Decrypt", input.EncryptionAlgorithm)) ??
      ciphertextKeyFault(upstream, input.CiphertextBlob, key.record);
    if (fault) return fault;
    const plaintext = await upstream.decrypt(key.record, input.CiphertextBlob, input.EncryptionContext ?? {});
    if (plaintext instanceof AwsFault) return plaintext;
    const dryRun = dryRunFault(input.DryRun);
    if (dryRun) return dryRun;
    return { body: { Plaintext: plaintext, KeyId: key.record.arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" } };
  },
});
