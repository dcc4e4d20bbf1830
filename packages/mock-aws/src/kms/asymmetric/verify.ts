import { AwsFault } from "../../front/aws-fault.js";
import { noMaterial } from "../cipher.js";
import { cryptographicFault, dryRunFault } from "../cryptographic.js";
import { bytes, flag, oneOf, optional, required, shape } from "../input.js";
import { SIGNING_ALGORITHMS } from "../key-kinds.js";
import { grantTokens, keyId } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";
import { digestOf, verifyWith } from "./signature.js";

/** A signature that does not hold is a fault, never `SignatureValid: false`. */
export const verify = defineOperation({
  name: "Verify",
  input: shape({
    KeyId: required(keyId),
    Message: required(bytes(1, 4096)),
    MessageType: optional(oneOf(["RAW", "DIGEST"])),
    Signature: required(bytes(1, 6144)),
    SigningAlgorithm: required(oneOf(SIGNING_ALGORITHMS)),
    GrantTokens: optional(grantTokens),
    DryRun: optional(flag),
  }),
  uses: (input) => [
    {
      action: "kms:Verify",
      key: input.KeyId,
      crossAccount: true,
      alias: true,
      grantTokens: input.GrantTokens,
      conditions: { "kms:SigningAlgorithm": input.SigningAlgorithm, "kms:MessageType": input.MessageType ?? "RAW" },
    },
  ],
  async run(input, keys, { upstream }) {
    const key = keyAt(keys, 0);
    const algorithm = input.SigningAlgorithm;
    const fault = await cryptographicFault(key, { operation: "Verify", usage: "SIGN_VERIFY", algorithm });
    if (fault) return fault;
    const digest = digestOf({ algorithm, message: input.Message, isDigest: input.MessageType === "DIGEST" });
    if (digest instanceof AwsFault) return digest;
    const privateKey = upstream.privateKeyOf(key.record);
    if (privateKey === null) return noMaterial();
    if (!verifyWith(privateKey, key.record, algorithm, digest, input.Signature)) {
      return new AwsFault("KMSInvalidSignatureException");
    }
    return dryRunFault(input.DryRun) ?? { body: { KeyId: key.record.arn, SignatureValid: true, SigningAlgorithm: algorithm } };
  },
});
