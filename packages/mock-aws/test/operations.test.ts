import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  type KeySpec,
  type KeyUsageType,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failureOf, onEnd, parties, sdk, start } from "./harness.js";

const newKey = async (kms: ReturnType<typeof sdk>): Promise<string> =>
  String((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);

describe("through the AWS SDK, every operation of an owner on its own key", () => {
  it("CreateKey and DescribeKey answer the same metadata", async () => {
    const { ownerKms, owner } = await parties();
    const created = await ownerKms.send(
      new CreateKeyCommand({ Description: "main", Tags: [{ TagKey: "team", TagValue: "backup" }] }),
    );
    const arn = String(created.KeyMetadata?.Arn);
    expect(arn).toMatch(
      new RegExp(`^arn:aws:kms:us-east-1:${owner.id}:key/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
    );
    expect(created.KeyMetadata).toMatchObject({
      AWSAccountId: owner.id,
      Description: "main",
      Enabled: true,
      KeyState: "Enabled",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeySpec: "SYMMETRIC_DEFAULT",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      MultiRegion: false,
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    });
    const described = await ownerKms.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(described.KeyMetadata).toEqual(created.KeyMetadata);
    const byBareId = await ownerKms.send(new DescribeKeyCommand({ KeyId: String(created.KeyMetadata?.KeyId) }));
    expect(byBareId.KeyMetadata).toEqual(created.KeyMetadata);
  });

  it("Encrypt and Decrypt are inverse for every plaintext and context, and nothing else opens it", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const contexts = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), contexts, contexts, async (plaintext, context, other) => {
        const encrypted = await ownerKms.send(
          new EncryptCommand({ KeyId: arn, Plaintext: plaintext, EncryptionContext: { ...context } }),
        );
        expect(encrypted.KeyId).toBe(arn);
        const opened = await ownerKms.send(
          new DecryptCommand({ CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext: { ...context } }),
        );
        expect(opened.Plaintext).toEqual(Uint8Array.from(plaintext));
        expect(opened.KeyId).toBe(arn);
        const same = JSON.stringify(Object.entries(context).sort()) === JSON.stringify(Object.entries(other).sort());
        if (same) return;
        const failure = await failureOf(
          ownerKms.send(new DecryptCommand({ CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext: { ...other } })),
        );
        expect(failure.name).toBe("InvalidCiphertextException");
      }),
      { numRuns: 60 },
    );
  });

  it("a context whose pairs only read alike when joined is another context", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const { CiphertextBlob } = await ownerKms.send(
      new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x"), EncryptionContext: { a: "bc" } }),
    );
    const failure = await failureOf(ownerKms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { ab: "c" } })));
    expect(failure.name).toBe("InvalidCiphertextException");
  });

  it("a changed bit anywhere in the ciphertext is refused", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("secret") }));
    const blob = Buffer.from(CiphertextBlob ?? []);
    for (const at of [0, 5, 36, 37, 48, 49, 64, 65, blob.length - 1]) {
      const damaged = Buffer.from(blob);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      const failure = await failureOf(ownerKms.send(new DecryptCommand({ KeyId: arn, CiphertextBlob: damaged })));
      expect(["InvalidCiphertextException", "IncorrectKeyException"]).toContain(failure.name);
      expect(failure.status).toBe(400);
    }
  });

  it("GenerateDataKey makes as many bytes as asked, fresh each time, and its ciphertext decrypts to them", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const lengths: [object, number][] = [
      [{ KeySpec: "AES_256" }, 32],
      [{ KeySpec: "AES_128" }, 16],
      [{ NumberOfBytes: 1 }, 1],
      [{ NumberOfBytes: 1024 }, 1024],
    ];
    for (const [wanted, length] of lengths) {
      const first = await ownerKms.send(new GenerateDataKeyCommand({ KeyId: arn, ...wanted, EncryptionContext: { a: "b" } }));
      expect(first.Plaintext).toHaveLength(length);
      const opened = await ownerKms.send(
        new DecryptCommand({ CiphertextBlob: first.CiphertextBlob, EncryptionContext: { a: "b" }, KeyId: arn }),
      );
      expect(opened.Plaintext).toEqual(first.Plaintext);
    }
    const [one, two] = await Promise.all(
      [1, 2].map(() => ownerKms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256" }))),
    );
    expect(one?.Plaintext).not.toEqual(two?.Plaintext);
    for (const wanted of [{}, { KeySpec: "AES_256" as const, NumberOfBytes: 32 }]) {
      expect((await failureOf(ownerKms.send(new GenerateDataKeyCommand({ KeyId: arn, ...wanted })))).name).toBe(
        "ValidationException",
      );
    }
  });

  it("GenerateDataKeyWithoutPlaintext keeps the plaintext back", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const answer = await ownerKms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: arn, KeySpec: "AES_256" }));
    expect(answer).not.toHaveProperty("Plaintext");
    expect((await ownerKms.send(new DecryptCommand({ CiphertextBlob: answer.CiphertextBlob }))).Plaintext).toHaveLength(32);
  });

  it("ReEncrypt moves a ciphertext to another key and another context", async () => {
    const { ownerKms } = await parties();
    const [from, to] = [await newKey(ownerKms), await newKey(ownerKms)];
    const first = await ownerKms.send(
      new EncryptCommand({ KeyId: from, Plaintext: Buffer.from("moved"), EncryptionContext: { a: "1" } }),
    );
    const moved = await ownerKms.send(
      new ReEncryptCommand({
        CiphertextBlob: first.CiphertextBlob,
        SourceEncryptionContext: { a: "1" },
        DestinationKeyId: to,
        DestinationEncryptionContext: { a: "2" },
      }),
    );
    expect(moved).toMatchObject({ SourceKeyId: from, KeyId: to });
    const opened = await ownerKms.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { a: "2" }, KeyId: to }),
    );
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("moved");
  });

  it("DryRun does everything but the operation", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const failure = await failureOf(ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x"), DryRun: true })));
    expect(failure).toMatchObject({
      name: "DryRunOperationException",
      message: "The request would have succeeded, but the DryRun option is set.",
    });
  });

  it("disable, enable, schedule deletion, cancel: each state is described, and a cancelled key is Disabled", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const state = async () => (await ownerKms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.KeyState;
    await ownerKms.send(new DisableKeyCommand({ KeyId: arn }));
    expect(await state()).toBe("Disabled");
    await ownerKms.send(new EnableKeyCommand({ KeyId: arn }));
    expect(await state()).toBe("Enabled");
    const scheduled = await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 7 }));
    expect(scheduled).toMatchObject({ KeyId: arn, KeyState: "PendingDeletion", PendingWindowInDays: 7 });
    const days = (Number(scheduled.DeletionDate?.getTime()) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThanOrEqual(7);
    expect(await state()).toBe("PendingDeletion");
    expect((await ownerKms.send(new CancelKeyDeletionCommand({ KeyId: arn }))).KeyId).toBe(arn);
    expect(await state()).toBe("Disabled");
  });

  it("a key whose deletion is due is gone once the simulated clock has reached the date", async () => {
    const { aws, ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") }));
    await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 7 }));
    await aws.simulator.clock.set({ advanceMs: 7 * 86_400_000 });
    expect(await failureOf(ownerKms.send(new DescribeKeyCommand({ KeyId: arn })))).toMatchObject({
      name: "NotFoundException",
      message: `Key '${arn}' does not exist`,
    });
    expect((await failureOf(ownerKms.send(new DecryptCommand({ CiphertextBlob })))).message).toContain(
      "The ciphertext refers to a customer master key that does not exist",
    );
    expect(await aws.simulator.keys.list()).toEqual([]);
  });

  it("ListKeys pages through the caller's own keys of the Region", async () => {
    const { aws, owner, ownerKms, vendorKms } = await parties();
    const arns = [await newKey(ownerKms), await newKey(ownerKms), await newKey(ownerKms)];
    await newKey(vendorKms);
    await newKey(sdk(aws, owner, "eu-west-1"));
    const first = await ownerKms.send(new ListKeysCommand({ Limit: 2 }));
    const second = await ownerKms.send(new ListKeysCommand({ Limit: 2, Marker: first.NextMarker }));
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
    expect([...(first.Keys ?? []), ...(second.Keys ?? [])].map((key) => key.KeyArn)).toEqual(arns);
    expect((await failureOf(ownerKms.send(new ListKeysCommand({ Marker: "x" })))).name).toBe("InvalidMarkerException");
  });

  it("PutKeyPolicy replaces what GetKeyPolicy shows, and refuses what would lock its owner out or is malformed", async () => {
    const { ownerKms, owner, vendor } = await parties();
    const arn = await newKey(ownerKms);
    const before = await ownerKms.send(new GetKeyPolicyCommand({ KeyId: arn }));
    expect(JSON.parse(String(before.Policy)).Statement[0].Principal.AWS).toBe(`arn:aws:iam::${owner.id}:root`);
    const policyFor = (principal: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: principal }, Action: "kms:*", Resource: "*" }],
      });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: policyFor(owner.principalArn) }));
    expect((await ownerKms.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy).toBe(policyFor(owner.principalArn));
    for (const policy of ["{", "[]", "{}", policyFor("nobody"), policyFor(vendor.principalArn)]) {
      const failure = await failureOf(ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: policy })));
      expect(failure).toMatchObject({ name: "MalformedPolicyDocumentException", status: 400 });
    }
    const long = policyFor(owner.principalArn) + " ".repeat(32 * 1024);
    expect((await failureOf(ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: long })))).name).toBe(
      "LimitExceededException",
    );
    expect((await failureOf(ownerKms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "other" })))).name).toBe(
      "NotFoundException",
    );
  });

  it.each<[KeySpec, KeyUsageType]>([
    ["RSA_2048", "SIGN_VERIFY"],
    ["ECC_NIST_P256", "SIGN_VERIFY"],
    ["HMAC_256", "GENERATE_VERIFY_MAC"],
  ])("a %s key for %s is described, and refused for encryption", async (KeySpec, KeyUsage) => {
    const { ownerKms } = await parties();
    const { KeyMetadata } = await ownerKms.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
    expect(KeyMetadata).toMatchObject({ KeySpec, KeyUsage, KeyState: "Enabled" });
    const arn = String(KeyMetadata?.Arn);
    expect(await failureOf(ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") })))).toMatchObject({
      name: "InvalidKeyUsageException",
      message: `${arn} key usage is ${KeyUsage} which is not valid for Encrypt.`,
      status: 400,
    });
    const generate = await failureOf(ownerKms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256" })));
    expect(generate.message).toBe(`${arn} key usage is ${KeyUsage} which is not valid for GenerateDataKey.`);
  });

  it("an RSA key for encryption is refused by the symmetric algorithm", async () => {
    const { ownerKms } = await parties();
    const created = await ownerKms.send(new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }));
    const failure = await failureOf(
      ownerKms.send(new GenerateDataKeyCommand({ KeyId: created.KeyMetadata?.Arn, KeySpec: "AES_256" })),
    );
    expect(failure.name).toBe("InvalidKeyUsageException");
  });

  it("CreateKey refuses a usage that the spec has not, and asks for one where there is no default", async () => {
    const { ownerKms } = await parties();
    for (const input of [{ KeySpec: "RSA_2048" as const }, { KeySpec: "HMAC_256" as const, KeyUsage: "SIGN_VERIFY" as const }]) {
      expect((await failureOf(ownerKms.send(new CreateKeyCommand(input)))).name).toBe("ValidationException");
    }
  });

  it("multi-Region keys have mrk- ids; keys with imported material wait for it", async () => {
    const { ownerKms } = await parties();
    const multi = await ownerKms.send(new CreateKeyCommand({ MultiRegion: true }));
    expect(multi.KeyMetadata?.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(multi.KeyMetadata?.MultiRegionConfiguration?.PrimaryKey?.Arn).toBe(multi.KeyMetadata?.Arn);
    const opened = await ownerKms.send(new EncryptCommand({ KeyId: multi.KeyMetadata?.Arn, Plaintext: Buffer.from("x") }));
    expect((await ownerKms.send(new DecryptCommand({ CiphertextBlob: opened.CiphertextBlob }))).KeyId).toBe(
      multi.KeyMetadata?.Arn,
    );
    const external = await ownerKms.send(new CreateKeyCommand({ Origin: "EXTERNAL" }));
    expect(external.KeyMetadata).toMatchObject({ KeyState: "PendingImport", Enabled: false, Origin: "EXTERNAL" });
  });
});

describe("identifiers", () => {
  it("answers unknown ids, aliases, garbage and other Regions as AWS does", async () => {
    const { aws, owner, ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const unknown = "00000000-0000-4000-8000-000000000000";
    const prefix = `arn:aws:kms:us-east-1:${owner.id}`;
    const expected: [string, string][] = [
      [unknown, `Key '${prefix}:key/${unknown}' does not exist`],
      [`${prefix}:key/${unknown}`, `Key '${prefix}:key/${unknown}' does not exist`],
      ["nonsense", "Invalid keyId 'nonsense'"],
      ["alias/mine", `Alias ${prefix}:alias/mine is not found.`],
      [`${prefix}:alias/mine`, `Alias ${prefix}:alias/mine is not found.`],
      [arn.replace("us-east-1", "eu-west-1"), "Invalid arn eu-west-1"],
    ];
    for (const [KeyId, message] of expected) {
      expect(await failureOf(ownerKms.send(new DescribeKeyCommand({ KeyId })))).toEqual({
        name: "NotFoundException",
        message,
        status: 400,
      });
    }
    const elsewhere = sdk(aws, owner, "eu-west-1");
    expect((await failureOf(elsewhere.send(new DescribeKeyCommand({ KeyId: arn })))).message).toBe("Invalid arn us-east-1");
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") }));
    expect((await failureOf(elsewhere.send(new DecryptCommand({ CiphertextBlob })))).name).toBe("AccessDeniedException");
  });

  it("a ciphertext of another key is IncorrectKeyException, and bytes of no key InvalidCiphertextException", async () => {
    const { ownerKms } = await parties();
    const [one, two] = [await newKey(ownerKms), await newKey(ownerKms)];
    const { CiphertextBlob } = await ownerKms.send(new EncryptCommand({ KeyId: one, Plaintext: Buffer.from("x") }));
    expect(await failureOf(ownerKms.send(new DecryptCommand({ KeyId: two, CiphertextBlob })))).toMatchObject({
      name: "IncorrectKeyException",
      message: "The key ID in the request does not identify a CMK that can perform this operation.",
    });
    for (const KeyId of [undefined, one]) {
      const failure = await failureOf(ownerKms.send(new DecryptCommand({ KeyId, CiphertextBlob: Buffer.alloc(80, 7) })));
      expect(failure.name).toBe("InvalidCiphertextException");
    }
  });
});

describe("limits", () => {
  it("are named in AWS's words", async () => {
    const { ownerKms } = await parties();
    const arn = await newKey(ownerKms);
    const tooLong = await failureOf(ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.alloc(4097) })));
    expect(tooLong).toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: " +
        "Member must have length less than or equal to 4096",
    });
    await ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.alloc(4096) }));
    for (const NumberOfBytes of [0, 1025]) {
      expect((await failureOf(ownerKms.send(new GenerateDataKeyCommand({ KeyId: arn, NumberOfBytes })))).name).toBe(
        "ValidationException",
      );
    }
    expect((await failureOf(ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 6 })))).name).toBe(
      "ValidationException",
    );
  });
});

describe("a recipient in a Nitro Enclave", () => {
  it.each([
    ["Decrypt", { CiphertextBlob: "AAAA" }],
    ["GenerateDataKey", { KeySpec: "AES_256" }],
    ["GenerateDataKeyPair", { KeyPairSpec: "ECC_NIST_P256" }],
    ["GenerateRandom", { NumberOfBytes: 8 }],
    ["DeriveSharedSecret", { KeyAgreementAlgorithm: "ECDH", PublicKey: "AAAA" }],
  ])("is refused by %s, so that no plaintext is given where AWS gives none", async (operation, input) => {
    const customer = await (await start()).openAccount("customer");
    const KeyId = await customer.createKey();
    const Recipient = { KeyEncryptionAlgorithm: "RSAES_OAEP_SHA_256", AttestationDocument: "AA==" };
    const { body } = await customer.kms(operation, { KeyId, ...input, Recipient });
    expect(body["message"]).toMatch(/Value at 'recipient' failed to satisfy constraint: This simulator has no Nitro Enclaves/);
  });
});

describe("STS", () => {
  it("GetCallerIdentity names a user by its ARN and a role by its session's", async () => {
    const { aws, owner, vendor } = await parties();
    const identityOf = async (credentials: { accessKeyId: string; secretAccessKey: string }) => {
      const sts = new STSClient({ endpoint: aws.url, region: "us-east-1", credentials, maxAttempts: 1 });
      onEnd(() => sts.destroy());
      return sts.send(new GetCallerIdentityCommand({}));
    };
    expect(await identityOf(owner)).toMatchObject({ Account: owner.id, Arn: `arn:aws:iam::${owner.id}:user/admin` });
    expect(await identityOf(vendor)).toMatchObject({
      Account: vendor.id,
      Arn: `arn:aws:sts::${vendor.id}:assumed-role/service/session`,
    });
    const wrong = { accessKeyId: owner.accessKeyId, secretAccessKey: "wrong" };
    expect(await failureOf(identityOf(wrong))).toMatchObject({ name: "SignatureDoesNotMatch", status: 403 });
    const unknown = { accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "wrong" };
    expect(await failureOf(identityOf(unknown))).toMatchObject({ name: "InvalidClientTokenId", status: 403 });
  });
});

describe("start", () => {
  it("many run in one process, each a world of its own, ready within 100 ms", async () => {
    await start();
    const began = performance.now();
    const [a, b] = await Promise.all([start(), start()]);
    expect(performance.now() - began).toBeLessThan(200);
    await a.simulator.accounts.create({ name: "only here" });
    expect(await b.simulator.accounts.list()).toEqual([]);
    expect(a.port).not.toBe(b.port);
    expect(await (await fetch(a.url)).text()).toContain("It is not AWS");
  });
});
