import { AwsFault } from "../front/aws-fault.js";
import { decryptWith, encryptWith } from "./cipher.js";
import { ciphertextKeyFault } from "./ciphertext-key.js";
import { cryptographicFault, dryRunFault, encryptionBy } from "./cryptographic.js";
import { cryptographicUse } from "./encryption-use.js";
import { flag, optional, required, shape, stringMap } from "./input.js";
import { ciphertextBlob, encryptionAlgorithm, grantTokens, keyId } from "./members.js";
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
    GrantTokens: optional(grantTokens),
    DryRun: optional(flag),
  }),
  uses(input) {
    const same = { "kms:ReEncryptOnSameKey": String(input.SourceKeyId === input.DestinationKeyId) };
    const GrantTokens = input.GrantTokens ?? [];
    const source = { EncryptionContext: input.SourceEncryptionContext ?? {}, GrantTokens };
    const destination = { EncryptionContext: input.DestinationEncryptionContext ?? {}, GrantTokens };
    return [
      cryptographicUse("kms:ReEncryptFrom", input.SourceKeyId ?? { ofCiphertext: input.CiphertextBlob }, source, same),
      cryptographicUse("kms:ReEncryptTo", input.DestinationKeyId, destination, same),
    ];
  },
  async run(input, keys, { upstream }) {
    const source = keyAt(keys, 0);
    const destination = keyAt(keys, 1);
    const [from, to] = [input.SourceEncryptionAlgorithm, input.DestinationEncryptionAlgorithm];
    const fault =
      (await cryptographicFault(source, encryptionBy("ReEncrypt", from))) ??
      (await cryptographicFault(destination, encryptionBy("ReEncrypt", to))) ??
      ciphertextKeyFault(upstream, input.CiphertextBlob, source.record, from);
    if (fault) return fault;
    const plaintext = await decryptWith(upstream, source.record, input.CiphertextBlob, {
      context: input.SourceEncryptionContext,
      algorithm: from,
    });
    if (plaintext instanceof AwsFault) return plaintext;
    const dryRun = dryRunFault(input.DryRun);
    if (dryRun) return dryRun;
    const ciphertext = await encryptWith(upstream, destination.record, plaintext, {
      context: input.DestinationEncryptionContext,
      algorithm: to,
    });
    if (ciphertext instanceof AwsFault) return ciphertext;
    const [sourceMaterial, material] = [
      upstream.materialIdOf(source.record, input.CiphertextBlob),
      upstream.materialIdOf(destination.record),
    ];
    return {
      body: {
        CiphertextBlob: ciphertext,
        SourceKeyId: source.record.arn,
        KeyId: destination.record.arn,
        SourceEncryptionAlgorithm: from ?? "SYMMETRIC_DEFAULT",
        DestinationEncryptionAlgorithm: to ?? "SYMMETRIC_DEFAULT",
        ...(sourceMaterial === null ? {} : { SourceKeyMaterialId: sourceMaterial }),
        ...(material === null ? {} : { DestinationKeyMaterialId: material }),
      },
    };
  },
});
