import { AwsFault } from "../front/aws-fault.js";
import { cryptographicFault, dryRunFault } from "./cryptographic.js";
import { bytes, flag, optional, required, shape, stringMap } from "./input.js";
import { encryptionAlgorithm, keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

export const encrypt = defineOperation({
  name: "Encrypt",
  input: shape({
    KeyId: required(keyId),
    Plaintext: required(bytes(1, 4096)),
    EncryptionContext: optional(stringMap),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    DryRun: optional(flag),
  }),
  uses: (input) => [{ action: "kms:Encrypt", key: input.KeyId, context: input.EncryptionContext, crossAccount: true }],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const fault = (await cryptographicFault(key, "Encrypt", input.EncryptionAlgorithm)) ?? dryRunFault(input.DryRun);
    if (fault) return fault;
    const ciphertext = await upstream.encrypt(key.record, input.Plaintext, input.EncryptionContext ?? {});
    if (ciphertext instanceof AwsFault) return ciphertext;
    return { body: { CiphertextBlob: ciphertext, KeyId: key.record.arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" } };
  },
});
