import { AwsFault } from "../front/aws-fault.js";
import { encryptWith } from "./cipher.js";
import { cryptographicFault, dryRunFault, encryptionBy } from "./cryptographic.js";
import { cryptographicUse } from "./encryption-use.js";
import { bytes, flag, optional, required, shape, stringMap } from "./input.js";
import { encryptionAlgorithm, grantTokens, keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

export const encrypt = defineOperation({
  name: "Encrypt",
  input: shape({
    KeyId: required(keyId),
    Plaintext: required(bytes(1, 4096)),
    EncryptionContext: optional(stringMap),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    GrantTokens: optional(grantTokens),
    DryRun: optional(flag),
  }),
  uses: (input) => [cryptographicUse("kms:Encrypt", input.KeyId, input)],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const algorithm = input.EncryptionAlgorithm;
    const fault = (await cryptographicFault(key, encryptionBy("Encrypt", algorithm))) ?? dryRunFault(input.DryRun);
    if (fault) return fault;
    const ciphertext = await encryptWith(upstream, key.record, input.Plaintext, { context: input.EncryptionContext, algorithm });
    if (ciphertext instanceof AwsFault) return ciphertext;
    return {
      body: { CiphertextBlob: ciphertext, KeyId: key.record.arn, EncryptionAlgorithm: algorithm ?? "SYMMETRIC_DEFAULT" },
    };
  },
});
