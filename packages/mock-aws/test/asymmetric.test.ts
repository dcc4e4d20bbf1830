// Invariant: what a key pair or an HMAC key answers, any other implementation accepts, and the reverse.
import {
  constants,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  publicEncrypt,
  verify as verifyElsewhere,
} from "node:crypto";
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type MacAlgorithmSpec,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, parties } from "./harness.js";

async function withKey(input: CreateKeyCommandInput) {
  const world = await parties();
  const KeyId = String((await world.ownerKms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn);
  return { ...world, KeyId };
}

const Message = Buffer.from("a message");

describe("Sign and Verify", () => {
  const cases: [KeySpec, SigningAlgorithmSpec][] = [
    ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"],
    ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_384"],
    ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512"],
    ["RSA_2048", "RSASSA_PSS_SHA_256"],
    ["RSA_2048", "RSASSA_PSS_SHA_384"],
    ["RSA_2048", "RSASSA_PSS_SHA_512"],
    ["ECC_NIST_P256", "ECDSA_SHA_256"],
    ["ECC_NIST_P384", "ECDSA_SHA_384"],
    ["ECC_NIST_P521", "ECDSA_SHA_512"],
    ["ECC_SECG_P256K1", "ECDSA_SHA_256"],
  ];
  it.each(cases)("%s %s: node:crypto accepts the signature, and Verify refuses anything else", async (spec, algorithm) => {
    const { ownerKms, KeyId } = await withKey({ KeySpec: spec, KeyUsage: "SIGN_VERIFY" });
    const hash = `sha${algorithm.slice(-3)}`;
    const digest = createHash(hash).update(Message).digest();
    const pem = await ownerKms.send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(pem.PublicKey ?? []), format: "der", type: "spki" });
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    const options = algorithm.includes("PSS") ? { key, ...pss } : { key };
    for (const [message, MessageType] of [
      [Message, "RAW"],
      [digest, "DIGEST"],
    ] as const) {
      const signed = await ownerKms.send(new SignCommand({ KeyId, Message: message, MessageType, SigningAlgorithm: algorithm }));
      expect(signed).toMatchObject({ KeyId, SigningAlgorithm: algorithm });
      const Signature = Buffer.from(signed.Signature ?? []);
      expect(verifyElsewhere(hash, Message, options, Signature)).toBe(true);
      const verify = (more: object) =>
        ownerKms.send(
          new VerifyCommand({ KeyId, Message: message, MessageType, Signature, SigningAlgorithm: algorithm, ...more }),
        );
      expect((await verify({})).SignatureValid).toBe(true);
      const damaged = Buffer.from(Signature);
      damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
      expect((await failureOf(verify({ Signature: damaged }))).name).toBe("KMSInvalidSignatureException");
      const other = { Message: Buffer.from("another"), MessageType: "RAW" };
      expect((await failureOf(verify(other))).name).toBe("KMSInvalidSignatureException");
    }
    const short = ownerKms.send(new SignCommand({ KeyId, Message, MessageType: "DIGEST", SigningAlgorithm: algorithm }));
    expect(await failureOf(short)).toMatchObject({
      name: "ValidationException",
      message: `Digest is invalid length for algorithm ${algorithm}.`,
    });
  });

  it("refuses wrong algorithms and usages in AWS's words", async () => {
    const { ownerKms, KeyId } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const sign = (key: string | undefined, SigningAlgorithm: SigningAlgorithmSpec) =>
      failureOf(ownerKms.send(new SignCommand({ KeyId: key, Message, SigningAlgorithm })));
    expect(await sign(KeyId, "ECDSA_SHA_384")).toMatchObject({
      name: "InvalidKeyUsageException",
      message: "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.",
    });
    const symmetric = (await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    expect((await sign(symmetric, "ECDSA_SHA_256")).message).toBe(
      `${symmetric} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    );
    expect((await failureOf(ownerKms.send(new GetPublicKeyCommand({ KeyId: symmetric })))).name).toBe(
      "UnsupportedOperationException",
    );
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId: symmetric, Plaintext: Message }));
    const decrypt = ownerKms.send(new DecryptCommand({ KeyId, CiphertextBlob }));
    expect((await failureOf(decrypt)).name).toBe("IncorrectKeyException");
    const dryRun = new SignCommand({ KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256", DryRun: true });
    expect((await failureOf(ownerKms.send(dryRun))).name).toBe("DryRunOperationException");
  });
});

describe("MACs", () => {
  const cases: [KeySpec, MacAlgorithmSpec, number][] = [
    ["HMAC_224", "HMAC_SHA_224", 28],
    ["HMAC_256", "HMAC_SHA_256", 32],
    ["HMAC_384", "HMAC_SHA_384", 48],
    ["HMAC_512", "HMAC_SHA_512", 64],
  ];
  it.each(cases)("%s %s", async (KeySpec, MacAlgorithm, length) => {
    const { ownerKms, KeyId } = await withKey({ KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" });
    const made = await ownerKms.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm }));
    expect(made.Mac).toHaveLength(length);
    const verify = (more: object) =>
      ownerKms.send(new VerifyMacCommand({ KeyId, Message, MacAlgorithm, Mac: made.Mac, ...more }));
    expect((await verify({})).MacValid).toBe(true);
    expect((await failureOf(verify({ Message: Buffer.from("other") }))).name).toBe("KMSInvalidMacException");
    const wrong = MacAlgorithm === "HMAC_SHA_512" ? "HMAC_SHA_256" : "HMAC_SHA_512";
    expect(await failureOf(verify({ MacAlgorithm: wrong }))).toMatchObject({
      name: "InvalidKeyUsageException",
      message: `Algorithm ${wrong} is incompatible with key spec ${KeySpec}.`,
    });
    expect((await failureOf(verify({ MacAlgorithm: "INVALID" }))).message).toBe(
      "1 validation error detected: Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member must satisfy enum " +
        "value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]",
    );
  });
});

describe("RSA encryption, key agreement, data key pairs, random bytes", () => {
  it.each(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"] as const)("%s both ways", async (EncryptionAlgorithm) => {
    const { ownerKms, KeyId } = await withKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Message, EncryptionAlgorithm }));
    const open = (blob: Uint8Array | undefined) =>
      ownerKms.send(new DecryptCommand({ KeyId, CiphertextBlob: blob, EncryptionAlgorithm }));
    expect(Buffer.from((await open(CiphertextBlob)).Plaintext ?? [])).toEqual(Message);
    const { PublicKey } = await ownerKms.send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    const oaepHash = EncryptionAlgorithm.endsWith("_1") ? "sha1" : "sha256";
    const elsewhere = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, Message);
    expect(Buffer.from((await open(elsewhere)).Plaintext ?? [])).toEqual(Message);
    expect((await failureOf(open(Buffer.alloc(256, 1)))).name).toBe("InvalidCiphertextException");
    const limit = EncryptionAlgorithm.endsWith("_1") ? 214 : 190;
    const large = new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(limit + 1), EncryptionAlgorithm });
    expect((await failureOf(ownerKms.send(large))).message).toBe(
      `Algorithm ${EncryptionAlgorithm} and key spec RSA_2048 cannot encrypt data larger than ${limit} bytes.`,
    );
  });

  it("DeriveSharedSecret finds what the other side finds", async () => {
    const { ownerKms, KeyId } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
    const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const PublicKey = other.publicKey.export({ format: "der", type: "spki" });
    const derived = await ownerKms.send(new DeriveSharedSecretCommand({ KeyId, PublicKey, KeyAgreementAlgorithm: "ECDH" }));
    const own = await ownerKms.send(new GetPublicKeyCommand({ KeyId }));
    const publicKey = createPublicKey({ key: Buffer.from(own.PublicKey ?? []), format: "der", type: "spki" });
    expect(Buffer.from(derived.SharedSecret ?? [])).toEqual(diffieHellman({ privateKey: other.privateKey, publicKey }));
    const garbage = new DeriveSharedSecretCommand({ KeyId, PublicKey: Buffer.from("x"), KeyAgreementAlgorithm: "ECDH" });
    expect((await failureOf(ownerKms.send(garbage))).name).toBe("ValidationException");
  });

  it("GenerateDataKeyPair answers a pair whose private key decrypts under its context; without plaintext it stays back", async () => {
    const { ownerKms, KeyId } = await withKey({});
    const EncryptionContext = { a: "b" };
    const input = { KeyId, KeyPairSpec: "ECC_NIST_P256" as const, EncryptionContext };
    const pair = await ownerKms.send(new GenerateDataKeyPairCommand(input));
    expect(pair).toMatchObject({ KeyId, KeyPairSpec: "ECC_NIST_P256" });
    const blob = { CiphertextBlob: pair.PrivateKeyCiphertextBlob };
    expect((await ownerKms.send(new DecryptCommand({ ...blob, EncryptionContext }))).Plaintext).toEqual(pair.PrivateKeyPlaintext);
    expect((await failureOf(ownerKms.send(new DecryptCommand(blob)))).name).toBe("InvalidCiphertextException");
    const without = await ownerKms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ ...input, KeyPairSpec: "RSA_2048" }));
    expect(without).not.toHaveProperty("PrivateKeyPlaintext");
    expect(without.PublicKey?.length).toBeGreaterThan(200);
    const dryRun = new GenerateDataKeyPairCommand({ ...input, DryRun: true });
    expect((await failureOf(ownerKms.send(dryRun))).name).toBe("DryRunOperationException");
  });

  it("GenerateRandom answers as many bytes as asked, and AWS's texts for too few or many", async () => {
    const { ownerKms } = await withKey({});
    expect((await ownerKms.send(new GenerateRandomCommand({ NumberOfBytes: 1024 }))).Plaintext).toHaveLength(1024);
    const failure = async (NumberOfBytes?: number) =>
      (await failureOf(ownerKms.send(new GenerateRandomCommand({ NumberOfBytes })))).message;
    const constraint = "at 'numberOfBytes' failed to satisfy constraint: Member must have value";
    expect(await failure()).toBe("NumberOfBytes is required.");
    expect(await failure(0)).toBe(`1 validation error detected: Value '0' ${constraint} greater than or equal to 1`);
    expect(await failure(1025)).toBe(`1 validation error detected: Value '1025' ${constraint} less than or equal to 1024`);
  });
});
