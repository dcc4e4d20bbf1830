import { constants, createPublicKey, publicEncrypt, verify } from "node:crypto";
import { answerTo, nameOf, type Probe, x } from "./probe.js";

const pair = { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" } as const;
const hmac = { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" } as const;
const signing = { Message: x, SigningAlgorithm: "ECDSA_SHA_256" } as const;
const mac = { Message: x, MacAlgorithm: "HMAC_SHA_256" } as const;

/** Kinds of key: pairs, HMAC, imported material, multi-Region; rotation; data key pairs; ReEncrypt. */
export const KIND_PROBES: readonly Probe[] = [
  {
    id: "wrong-usage",
    aws: "Encrypt with a signing key: InvalidKeyUsageException",
    ask: async ({ owner, newKey }) => answerTo(owner.encrypt({ KeyId: await newKey(pair), Plaintext: x })),
    wanted: "InvalidKeyUsageException: {key} key usage is SIGN_VERIFY which is not valid for Encrypt.",
  },
  {
    id: "sign-with-symmetric-key",
    aws: "Sign with a symmetric key: InvalidKeyUsageException",
    ask: async ({ owner, newKey }) => answerTo(owner.sign({ KeyId: await newKey(), ...signing })),
    wanted: "InvalidKeyUsageException: {key} key usage is ENCRYPT_DECRYPT which is not valid for Sign.",
  },
  {
    id: "public-key-of-symmetric-key",
    aws: "GetPublicKey of a symmetric key: UnsupportedOperationException",
    ask: async ({ owner, newKey }) => nameOf(owner.getPublicKey({ KeyId: await newKey() })),
    wanted: "UnsupportedOperationException",
  },
  {
    id: "signature-verifies-outside",
    aws: "the public key verifies what KMS signed, outside KMS",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey(pair);
      const { Signature } = await owner.sign({ KeyId, ...signing });
      const { PublicKey } = await owner.getPublicKey({ KeyId });
      const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
      return verify("sha256", x, key, Buffer.from(Signature ?? []));
    },
    wanted: true,
  },
  {
    id: "invalid-signature",
    aws: "Verify of another signature: KMSInvalidSignatureException",
    ask: async ({ owner, newKey }) => {
      const [KeyId, other] = [await newKey(pair), await newKey(pair)];
      const { Signature } = await owner.sign({ KeyId: other, ...signing });
      return nameOf(owner.verify({ KeyId, ...signing, Signature }));
    },
    wanted: "KMSInvalidSignatureException",
  },
  {
    id: "digest-length",
    aws: "Sign of a digest of the wrong length: ValidationException",
    ask: async ({ owner, newKey }) => nameOf(owner.sign({ KeyId: await newKey(pair), ...signing, MessageType: "DIGEST" })),
    wanted: "ValidationException",
  },
  {
    id: "invalid-mac",
    aws: "VerifyMac of another MAC: KMSInvalidMacException",
    ask: async ({ owner, newKey }) => nameOf(owner.verifyMac({ KeyId: await newKey(hmac), ...mac, Mac: Buffer.alloc(32) })),
    wanted: "KMSInvalidMacException",
  },
  {
    id: "data-key-pair",
    aws: "GenerateDataKeyPair answers a pair, its private key sealed as well",
    ask: async ({ owner, newKey }) => {
      const pairOf = await owner.generateDataKeyPair({ KeyId: await newKey(), KeyPairSpec: "ECC_NIST_P256" });
      const opened = await owner.decrypt({ CiphertextBlob: pairOf.PrivateKeyCiphertextBlob });
      return Buffer.compare(Buffer.from(opened.Plaintext ?? []), Buffer.from(pairOf.PrivateKeyPlaintext ?? [1]));
    },
    wanted: 0,
  },
  {
    id: "re-encrypt",
    aws: "ReEncrypt keeps to both encryption contexts",
    ask: async ({ owner, newKey }) => {
      const [KeyId, DestinationKeyId] = [await newKey(), await newKey()];
      const { CiphertextBlob } = await owner.encrypt({ KeyId, Plaintext: x, EncryptionContext: { a: "1" } });
      const move = (a: string) =>
        owner.reEncrypt({
          CiphertextBlob,
          SourceKeyId: KeyId,
          SourceEncryptionContext: { a },
          DestinationKeyId,
          DestinationEncryptionContext: { b: "2" },
        });
      const moved = await move("1");
      const opened = owner.decrypt({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: "2" } });
      return [await answerTo(opened), await answerTo(move("2"))];
    },
    wanted: ["ok", "InvalidCiphertextException"],
  },
  {
    id: "re-encrypt-by-ciphertext",
    aws: "ReEncrypt finds the source key by the ciphertext",
    ask: async ({ owner, newKey }) => {
      const { CiphertextBlob } = await owner.encrypt({ KeyId: await newKey(), Plaintext: x });
      return answerTo(owner.reEncrypt({ CiphertextBlob, DestinationKeyId: await newKey() }));
    },
    wanted: "ok",
  },
  {
    id: "import-material",
    aws: "imported material makes a key usable; without it, it is not",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey({ Origin: "EXTERNAL" });
      const wrapping = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
      const { PublicKey, ImportToken } = await owner.getParametersForImport({ KeyId, ...wrapping });
      const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
      const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
      const EncryptedKeyMaterial = publicEncrypt({ key, ...padding }, Buffer.alloc(32, 1));
      const ExpirationModel = "KEY_MATERIAL_DOES_NOT_EXPIRE";
      await owner.importKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel });
      const sealed = await answerTo(owner.encrypt({ KeyId, Plaintext: x }));
      await owner.deleteImportedKeyMaterial({ KeyId });
      return [sealed, await answerTo(owner.encrypt({ KeyId, Plaintext: x }))];
    },
    wanted: ["ok", "KMSInvalidStateException: {key} is pending import."],
  },
  {
    id: "rotation-period",
    aws: "a rotation period is kept, and checked",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey();
      await owner.enableKeyRotation({ KeyId, RotationPeriodInDays: 120 });
      const { RotationPeriodInDays } = await owner.getKeyRotationStatus({ KeyId });
      return [RotationPeriodInDays, await nameOf(owner.enableKeyRotation({ KeyId, RotationPeriodInDays: 89 }))];
    },
    wanted: [120, "ValidationException"],
  },
  {
    id: "rotation-of-a-pair",
    aws: "EnableKeyRotation on a key pair: UnsupportedOperationException",
    ask: async ({ owner, newKey }) => nameOf(owner.enableKeyRotation({ KeyId: await newKey(pair) })),
    wanted: "UnsupportedOperationException",
  },
  {
    id: "rotation-on-demand",
    aws: "after a rotation on demand, what was sealed before opens, and the rotation is listed",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey();
      const { CiphertextBlob } = await owner.encrypt({ KeyId, Plaintext: x });
      await owner.rotateKeyOnDemand({ KeyId });
      const { Rotations } = await owner.listKeyRotations({ KeyId });
      return [await answerTo(owner.decrypt({ CiphertextBlob })), Rotations?.map(({ RotationType }) => RotationType)];
    },
    wanted: ["ok", ["ON_DEMAND"]],
  },
  {
    id: "rotation-of-disabled-key",
    aws: "RotateKeyOnDemand on a disabled key: DisabledException",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey();
      await owner.disableKey({ KeyId });
      return answerTo(owner.rotateKeyOnDemand({ KeyId }));
    },
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "replica",
    aws: "a replica in another Region opens what its primary sealed",
    ask: async ({ owner, newKey, client, place }) => {
      const KeyId = await newKey({ MultiRegion: true });
      const { CiphertextBlob } = await owner.encrypt({ KeyId, Plaintext: x });
      await owner.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
      return answerTo(client(place.owner, "eu-west-1").decrypt({ CiphertextBlob, KeyId }));
    },
    wanted: "ok",
  },
  {
    id: "replica-outlives-disabling",
    aws: "a replica stays usable while its primary is disabled",
    ask: async ({ owner, newKey, client, place }) => {
      const KeyId = await newKey({ MultiRegion: true });
      await owner.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
      await owner.disableKey({ KeyId });
      return answerTo(client(place.owner, "eu-west-1").encrypt({ KeyId, Plaintext: x }));
    },
    wanted: "ok",
  },
  {
    id: "replica-of-single-region-key",
    aws: "ReplicateKey of a single-Region key: UnsupportedOperationException",
    ask: async ({ owner, newKey }) => nameOf(owner.replicateKey({ KeyId: await newKey(), ReplicaRegion: "eu-west-1" })),
    wanted: "UnsupportedOperationException",
  },
  {
    id: "custom-key-stores",
    aws: "custom key stores are described",
    ask: async ({ owner }) => answerTo(owner.describeCustomKeyStores({})),
    wanted: "ok",
  },
];
