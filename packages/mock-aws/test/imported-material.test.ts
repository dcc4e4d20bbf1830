// Invariant: a key with imported material works exactly while it has the material that it was given first.
import { constants, createCipheriv, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from "node:crypto";
import {
  type AlgorithmSpec,
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, parties } from "./harness.js";

const DAY_MS = 86_400_000;
const NEVER = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" as const };

async function externalKey(more: CreateKeyCommandInput = {}) {
  const world = await parties();
  const { ownerKms } = world;
  const created = await ownerKms.send(new CreateKeyCommand({ Origin: "EXTERNAL", ...more }));
  const KeyId = String(created.KeyMetadata?.Arn);
  const parameters = (WrappingAlgorithm: AlgorithmSpec = "RSAES_OAEP_SHA_256") =>
    ownerKms.send(new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec: "RSA_2048" }));
  const importKey = async (
    material: Buffer,
    options: Partial<ImportKeyMaterialCommandInput> = NEVER,
    algorithm: AlgorithmSpec = "RSAES_OAEP_SHA_256",
  ) => {
    const { ImportToken, PublicKey } = await parameters(algorithm);
    const EncryptedKeyMaterial = wrap(Buffer.from(PublicKey ?? []), material, algorithm);
    return ownerKms.send(new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ...options }));
  };
  const encrypt = async () => (await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }))).CiphertextBlob;
  const metadata = async () => (await ownerKms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  return { ...world, KeyId, parameters, importKey, encrypt, metadata };
}

function wrap(spki: Buffer, material: Buffer, algorithm: AlgorithmSpec): Buffer {
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  const oaepHash = algorithm.endsWith("_1") ? "sha1" : "sha256";
  const seal = (bytes: Buffer) => publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  if (algorithm.startsWith("RSAES_OAEP")) return seal(material);
  const aesKey = randomBytes(32);
  const cipher = createCipheriv("id-aes256-wrap-pad", aesKey, Buffer.from("A65959A6", "hex"));
  return Buffer.concat([seal(aesKey), cipher.update(material), cipher.final()]);
}

describe("a symmetric key", () => {
  it.each(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"] as const)(
    "waits for material, takes it under %s and works",
    async (algorithm) => {
      const { ownerKms, KeyId, importKey, encrypt, metadata } = await externalKey();
      expect(await failureOf(encrypt())).toMatchObject({
        name: "KMSInvalidStateException",
        message: `${KeyId} is pending import.`,
      });
      const imported = await importKey(randomBytes(32), NEVER, algorithm);
      expect(imported.KeyId).toBe(KeyId);
      expect(await metadata()).toMatchObject({
        KeyState: "Enabled",
        ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
        CurrentKeyMaterialId: imported.KeyMaterialId,
      });
      const CiphertextBlob = await encrypt();
      expect((await ownerKms.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toBe(KeyId);
    },
  );

  it("is pending import again once its material is deleted, and comes back with the same material alone", async () => {
    const { ownerKms, KeyId, importKey, encrypt, metadata } = await externalKey();
    const material = randomBytes(32);
    await importKey(material);
    const CiphertextBlob = await encrypt();
    await ownerKms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(await metadata()).toMatchObject({ KeyState: "PendingImport", Enabled: false });
    expect(await metadata()).not.toHaveProperty("ExpirationModel");
    expect((await failureOf(encrypt())).message).toBe(`${KeyId} is pending import.`);
    expect((await failureOf(importKey(randomBytes(32)))).name).toBe("IncorrectKeyMaterialException");
    await importKey(material);
    await ownerKms.send(new DecryptCommand({ CiphertextBlob }));
  });

  it("loses its material when it expires on the simulated clock", async () => {
    const { aws, KeyId, importKey, encrypt, metadata } = await externalKey();
    const material = randomBytes(32);
    const ValidTo = new Date(Date.now() + 10 * DAY_MS);
    await importKey(material, { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
    const described = await metadata();
    expect(described?.ExpirationModel).toBe("KEY_MATERIAL_EXPIRES");
    expect(Math.abs(Number(described?.ValidTo) - Number(ValidTo))).toBeLessThan(1000);
    await aws.simulator.clock.set({ advanceMs: 9 * DAY_MS });
    await encrypt();
    await aws.simulator.clock.set({ advanceMs: DAY_MS });
    expect((await failureOf(encrypt())).message).toBe(`${KeyId} is pending import.`);
    expect((await metadata())?.KeyState).toBe("PendingImport");
    expect((await aws.simulator.keys.list())[0]?.state).toBe("PendingImport");
    await importKey(material);
    await encrypt();
  });

  it("stays disabled or pending deletion, whatever is imported meanwhile", async () => {
    const { ownerKms, KeyId, importKey, metadata } = await externalKey();
    const material = randomBytes(32);
    await importKey(material);
    await ownerKms.send(new DisableKeyCommand({ KeyId }));
    await importKey(material);
    expect((await metadata())?.KeyState).toBe("Disabled");
    await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect((await failureOf(importKey(material))).name).toBe("KMSInvalidStateException");
    await ownerKms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect((await metadata())?.KeyState).toBe("PendingDeletion");
    await ownerKms.send(new CancelKeyDeletionCommand({ KeyId }));
  });

  it("is rotated on demand to material that was imported as new; the old stays readable", async () => {
    const { ownerKms, KeyId, importKey, encrypt, metadata } = await externalKey();
    await importKey(randomBytes(32));
    const CiphertextBlob = await encrypt();
    expect((await failureOf(ownerKms.send(new RotateKeyOnDemandCommand({ KeyId })))).message).toBe(
      `No available key material pending rotation for the key: ${KeyId}.`,
    );
    const fresh = await importKey(randomBytes(32), { ...NEVER, ImportType: "NEW_KEY_MATERIAL" });
    expect((await metadata())?.CurrentKeyMaterialId).not.toBe(fresh.KeyMaterialId);
    const third = importKey(randomBytes(32), { ...NEVER, ImportType: "NEW_KEY_MATERIAL" });
    expect((await failureOf(third)).message).toContain("is pending rotation.");
    await ownerKms.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect((await metadata())?.CurrentKeyMaterialId).toBe(fresh.KeyMaterialId);
    await ownerKms.send(new DecryptCommand({ CiphertextBlob }));
  });
});

describe("other kinds of key", () => {
  it("HMAC and key pairs take their secrets too", async () => {
    const hmac = await externalKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    await hmac.importKey(randomBytes(32));
    const mac = { KeyId: hmac.KeyId, Message: Buffer.from("x"), MacAlgorithm: "HMAC_SHA_256" as const };
    expect((await hmac.ownerKms.send(new GenerateMacCommand(mac))).Mac).toHaveLength(32);
    const pair = await externalKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    await pair.importKey(privateKey.export({ format: "der", type: "pkcs8" }), NEVER, "RSA_AES_KEY_WRAP_SHA_256");
    const signed = { KeyId: pair.KeyId, Message: Buffer.from("x"), SigningAlgorithm: "ECDSA_SHA_256" as const };
    expect((await pair.ownerKms.send(new SignCommand(signed))).Signature?.length).toBeGreaterThan(60);
  });
});

describe("what is refused", () => {
  it("material of a wrong length, under a wrong key, with another key's token, or with one of yesterday", async () => {
    const { aws, ownerKms, KeyId, parameters, importKey } = await externalKey();
    expect((await failureOf(importKey(randomBytes(16)))).name).toBe("IncorrectKeyMaterialException");
    const mine = await parameters();
    const input = { KeyId, ImportToken: mine.ImportToken, EncryptedKeyMaterial: randomBytes(256), ...NEVER };
    expect((await failureOf(ownerKms.send(new ImportKeyMaterialCommand(input)))).name).toBe("InvalidCiphertextException");
    const other = (await ownerKms.send(new CreateKeyCommand({ Origin: "EXTERNAL" }))).KeyMetadata?.Arn;
    const foreign = ownerKms.send(new ImportKeyMaterialCommand({ ...input, KeyId: other }));
    expect((await failureOf(foreign)).name).toBe("InvalidImportTokenException");
    await aws.simulator.clock.set({ advanceMs: DAY_MS });
    expect((await failureOf(ownerKms.send(new ImportKeyMaterialCommand(input)))).name).toBe("ExpiredImportTokenException");
  });

  it("dates that do not fit the expiration model", async () => {
    const { importKey } = await externalKey();
    expect((await failureOf(importKey(randomBytes(32), { ExpirationModel: "KEY_MATERIAL_EXPIRES" }))).message).toBe(
      "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES",
    );
    for (const ValidTo of [new Date(Date.now() - 1000), new Date(Date.now() + 400 * DAY_MS)]) {
      const call = importKey(randomBytes(32), { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
      expect((await failureOf(call)).name).toBe("ValidationException");
    }
    expect((await failureOf(importKey(randomBytes(32), { ...NEVER, ValidTo: new Date() }))).name).toBe("ValidationException");
  });

  it("import into a key whose material KMS made", async () => {
    const { ownerKms } = await externalKey();
    const KeyId = (await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    const parameters = { KeyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
    const refused = {
      name: "UnsupportedOperationException",
      message: `${KeyId} origin is AWS_KMS which is not valid for this operation.`,
    };
    expect(await failureOf(ownerKms.send(new GetParametersForImportCommand(parameters)))).toMatchObject(refused);
    expect(await failureOf(ownerKms.send(new DeleteImportedKeyMaterialCommand({ KeyId })))).toMatchObject(refused);
  });
});
