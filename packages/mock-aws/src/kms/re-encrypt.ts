import { AwsFault } from "../front/aws-fault.js";
import { ciphertextKeyFault } from "./ciphertext-key.js";
import { cryptographicFault, dryRunFault } from "./cryptographic.js";
import { flag, optional, required, shape, stringMap } from "./input.js";
import { ciphertextBlob, encryptionAlgorithm, keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

/** Authorised twice: as ReEncryptFrom on the source key, as ReEncryptTo on the destination, each with its own context. */
export const reEncrypt = defineOperation({
  name: "ReEncrypt",
  input: shape({
    CiphertextBlob: required(ciphertextBlob),
    SourceKeyId: optional(keyId),
    SourceEncryptionContext: optional(stringMap),
    SourceEncryptionAlgorithm: optional(encryptionAlgorithm),
    DestinationKeyId: required(keyId),
    DestinationEncryptionContext: optional(stringMap),
    DestinationEncryptionAlgorithm: optional(encryptionAlgorithm),
    DryRun: optional(flag),
  }),
  uses: (input) => [
    {
      action: "kms:ReEncryptFrom",
      key: input.SourceKeyId ?? { ofCiphertext: input.CiphertextBlob },
      context: input.SourceEncryptionContext,
      crossAccount: true,
    },
    {
      action: "kms:ReEncryptTo",
      key: input.DestinationKeyId,
      context: input.DestinationEncryptionContext,
      crossAccount: true,
    },
  ],
  async run(input, keys, { upstream }) {
    const source = keyAt(keys, 0);
    const destination = keyAt(keys, 1);
    const fault =
      (await cryptographicFault(source, "ReEncrypt", input.SourceEncryptionAlgorithm)) ??
      (await cryptographicFault(destination, "ReEncrypt", input.DestinationEncryptionAlgorithm)) ??
      ciphertextKeyFault(upstream, input.CiphertextBlob, source.record);
    if (fault) return fault;
    const plaintext = await upstream.decrypt(source.record, input.CiphertextBlob, input.SourceEncryptionContext ?? {});
    if (plaintext instanceof AwsFault) return plaintext;
    const dryRun = dryRunFault(input.DryRun);
    if (dryRun) return dryRun;
    const ciphertext = await upstream.encrypt(destination.record, plaintext, input.DestinationEncryptionContext ?? {});
    if (ciphertext instanceof AwsFault) return ciphertext;
    return {
      body: {
        CiphertextBlob: ciphertext,
        SourceKeyId: source.record.arn,
        KeyId: destination.record.arn,
        SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      },
    };
  },
});
