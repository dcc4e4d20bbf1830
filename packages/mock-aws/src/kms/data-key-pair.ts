import { createPublicKey } from "node:crypto";
import { AwsFault } from "../front/aws-fault.js";
import { newPrivateKey } from "../upstream/embedded/new-material.js";
import { cryptographicFault, dryRunFault, encryptionBy } from "./cryptographic.js";
import { cryptographicUse } from "./encryption-use.js";
import { flag, type Input, oneOf, optional, required, shape, stringMap } from "./input.js";
import { grantTokens, keyId, recipient } from "./members.js";
import { type AnyOperation, defineOperation, type KeyInCall, keyAt, type OperationServices } from "./operation.js";

const KEY_PAIR_SPECS = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
] as const;

const input = shape({
  KeyId: required(keyId),
  KeyPairSpec: required(oneOf(KEY_PAIR_SPECS)),
  EncryptionContext: optional(stringMap),
  GrantTokens: optional(grantTokens),
  DryRun: optional(flag),
  Recipient: optional(recipient),
});

/** GenerateDataKeyPair, with the private key in clear or without. Keys are DER: SPKI and PKCS #8. */
export function defineKeyPair(name: "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext"): AnyOperation {
  return defineOperation({
    name,
    input,
    uses: (given) => [cryptographicUse(`kms:${name}`, given.KeyId, given, { "kms:DataKeyPairSpec": given.KeyPairSpec })],
    async run(given, keys, services) {
      const pair = await newKeyPair(name, given, keys, services);
      if (pair instanceof AwsFault) return pair;
      const { plaintext, answer } = pair;
      return { body: name === "GenerateDataKeyPair" ? { ...answer, PrivateKeyPlaintext: plaintext } : answer };
    },
  });
}

async function newKeyPair(
  name: string,
  given: Input<typeof input>,
  keys: readonly KeyInCall[],
  { upstream }: OperationServices,
): Promise<{ plaintext: Buffer; answer: Record<string, unknown> } | AwsFault> {
  const key = keyAt(keys, 0);
  const fault = (await cryptographicFault(key, encryptionBy(name, undefined))) ?? dryRunFault(given.DryRun);
  if (fault) return fault;
  const privateKey = await newPrivateKey(given.KeyPairSpec);
  if (privateKey === null) throw new Error(`there is no key pair of ${given.KeyPairSpec}`);
  const plaintext = privateKey.export({ format: "der", type: "pkcs8" });
  const ciphertext = await upstream.encrypt(key.record, plaintext, given.EncryptionContext ?? {});
  if (ciphertext instanceof AwsFault) return ciphertext;
  const materialId = upstream.materialIdOf(key.record);
  return {
    plaintext,
    answer: {
      PrivateKeyCiphertextBlob: ciphertext,
      PublicKey: createPublicKey(privateKey).export({ format: "der", type: "spki" }),
      KeyId: key.record.arn,
      KeyPairSpec: given.KeyPairSpec,
      ...(materialId === null ? {} : { KeyMaterialId: materialId }),
    },
  };
}
