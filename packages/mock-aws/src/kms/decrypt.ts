import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { decryptWith } from "./cipher.js";
import { ciphertextKeyFault } from "./ciphertext-key.js";
import { cryptographicFault, dryRunFault, encryptionBy } from "./cryptographic.js";
import { cryptographicUse } from "./encryption-use.js";
import { flag, optional, required, shape, stringMap } from "./input.js";
import { ciphertextBlob, encryptionAlgorithm, grantTokens, keyId, recipient } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

/** A symmetric ciphertext names its key; for another algorithm the caller must. */
export const decrypt = defineOperation({
  name: "Decrypt",
  input: shape({
    CiphertextBlob: required(ciphertextBlob),
    KeyId: optional(keyId),
    EncryptionContext: optional(stringMap),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    GrantTokens: optional(grantTokens),
    DryRun: optional(flag),
    Recipient: optional(recipient),
  }),
  uses: (input) => [cryptographicUse("kms:Decrypt", input.KeyId ?? { ofCiphertext: input.CiphertextBlob }, input)],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const algorithm = input.EncryptionAlgorithm;
    const fault =
      stateFault("cryptographic", key.record.arn, key.condition) ??
      ciphertextKeyFault(upstream, input.CiphertextBlob, key.record, algorithm) ??
      (await cryptographicFault(key, encryptionBy("Decrypt", algorithm)));
    if (fault) return fault;
    const plaintext = await decryptWith(upstream, key.record, input.CiphertextBlob, {
      context: input.EncryptionContext,
      algorithm,
    });
    if (plaintext instanceof AwsFault) return plaintext;
    const dryRun = dryRunFault(input.DryRun);
    if (dryRun) return dryRun;
    const materialId = upstream.materialIdOf(key.record, input.CiphertextBlob);
    return {
      body: {
        Plaintext: plaintext,
        KeyId: key.record.arn,
        EncryptionAlgorithm: algorithm ?? "SYMMETRIC_DEFAULT",
        ...(materialId === null ? {} : { KeyMaterialId: materialId }),
      },
    };
  },
});
