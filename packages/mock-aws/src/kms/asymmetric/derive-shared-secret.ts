import { createPublicKey, diffieHellman } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import { noMaterial } from "../cipher.js";
import { cryptographicFault, dryRunFault } from "../cryptographic.js";
import { bytes, flag, oneOf, optional, required, shape } from "../input.js";
import { grantTokens, keyId, recipient } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";

export const deriveSharedSecret = defineOperation({
  name: "DeriveSharedSecret",
  input: shape({
    KeyId: required(keyId),
    KeyAgreementAlgorithm: required(oneOf(["ECDH"])),
    PublicKey: required(bytes(1, 8192)),
    GrantTokens: optional(grantTokens),
    DryRun: optional(flag),
    Recipient: optional(recipient),
  }),
  uses: (input) => [
    {
      action: "kms:DeriveSharedSecret",
      key: input.KeyId,
      crossAccount: true,
      alias: true,
      grantTokens: input.GrantTokens,
      conditions: { "kms:KeyAgreementAlgorithm": input.KeyAgreementAlgorithm },
    },
  ],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const requirement = { operation: "DeriveSharedSecret", usage: "KEY_AGREEMENT", algorithm: "ECDH" } as const;
    const fault = await cryptographicFault(key, requirement);
    if (fault) return fault;
    const privateKey = upstream.privateKeyOf(key.record);
    if (privateKey === null) return noMaterial();
    try {
      const publicKey = createPublicKey({ key: input.PublicKey, format: "der", type: "spki" });
      const SharedSecret = diffieHellman({ privateKey, publicKey });
      const body = { KeyId: key.record.arn, SharedSecret, KeyAgreementAlgorithm: "ECDH", KeyOrigin: key.record.origin };
      return dryRunFault(input.DryRun) ?? { body };
    } catch {
      return new AwsFault("ValidationException", "The public key is not valid for the key agreement.");
    }
  },
});
