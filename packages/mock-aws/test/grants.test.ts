// Invariant: a grant lets its grantee do what it lists, within its constraints, until it is retired or revoked, and nothing else.
import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  PutKeyPolicyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, keyPolicy, parties, sdk } from "./harness.js";

const CONTEXT = { tenant: "acme" };

async function granted(more: Partial<CreateGrantCommandInput> = {}) {
  const world = await parties();
  const KeyId = String((await world.ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const grant = await world.ownerKms.send(
    new CreateGrantCommand({ KeyId, GranteePrincipal: world.vendor.principalArn, Operations: ["Encrypt", "Decrypt"], ...more }),
  );
  const encrypt = (EncryptionContext: Record<string, string> = {}, kms: KMSClient = world.vendorKms, GrantTokens?: string[]) =>
    kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext, GrantTokens }));
  return { ...world, KeyId, GrantId: String(grant.GrantId), GrantToken: String(grant.GrantToken), encrypt };
}

const denied = async (call: Promise<unknown>) => expect((await failureOf(call)).name).toBe("AccessDeniedException");

describe("what a grant allows", () => {
  it("is the listed operations to the grantee, across accounts, though the key policy does not name it", async () => {
    const { aws, vendorKms, vendor, KeyId, encrypt } = await granted();
    const { CiphertextBlob } = await encrypt();
    await vendorKms.send(new DecryptCommand({ CiphertextBlob }));
    await denied(vendorKms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" })));
    await denied(vendorKms.send(new DescribeKeyCommand({ KeyId })));
    const colleague = await aws.simulator.accounts.create({ id: vendor.id, name: "vendor", principal: "user/other" });
    await denied(encrypt({}, sdk(aws, colleague)));
  });

  it("to an account, is to all its principals", async () => {
    const { aws, vendor, encrypt } = await granted({ GranteePrincipal: "arn:aws:iam::444455556666:root" });
    const colleague = await aws.simulator.accounts.create({ id: vendor.id, name: "vendor", principal: "user/other" });
    await encrypt({}, sdk(aws, colleague));
    await denied(encrypt({}, sdk(aws, await aws.simulator.accounts.create({ name: "stranger" }))));
  });

  it("gives way to an explicit deny of the key policy", async () => {
    const { ownerKms, owner, KeyId, encrypt } = await granted();
    const Policy = keyPolicy({ Principal: { AWS: owner.id } }, { Effect: "Deny", Principal: "*", Action: "kms:Encrypt" });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    await denied(encrypt());
  });

  it.each([
    ["EncryptionContextEquals", { tenant: "acme" }, true],
    ["EncryptionContextEquals", { Tenant: "acme" }, true],
    ["EncryptionContextEquals", { tenant: "ACME" }, false],
    ["EncryptionContextEquals", { tenant: "acme", more: "x" }, false],
    ["EncryptionContextEquals", {}, false],
    ["EncryptionContextSubset", { tenant: "acme" }, true],
    ["EncryptionContextSubset", { tenant: "acme", more: "x" }, true],
    ["EncryptionContextSubset", { more: "x" }, false],
    ["EncryptionContextSubset", {}, false],
  ] as const)("under %s {tenant: acme}, the context %j: %s", async (constraint, context, allowed) => {
    const { encrypt } = await granted({ Constraints: { [constraint]: CONTEXT } });
    if (allowed) await encrypt({ ...context });
    else await denied(encrypt({ ...context }));
  });

  it("constraints do not apply to DescribeKey, which has no context", async () => {
    const Constraints = { EncryptionContextEquals: CONTEXT };
    const { vendorKms, KeyId } = await granted({ Operations: ["DescribeKey", "Encrypt"], Constraints });
    await vendorKms.send(new DescribeKeyCommand({ KeyId }));
  });

  it("counts at once with its token, and without it after the delay that is set", async () => {
    const { aws, ownerKms, vendor, KeyId, encrypt } = await granted({ Operations: ["Decrypt"] });
    await aws.simulator.grants.set({ visibleAfterMs: 300_000 });
    const input = { KeyId, GranteePrincipal: vendor.principalArn, Operations: ["Encrypt" as const] };
    const { GrantToken } = await ownerKms.send(new CreateGrantCommand(input));
    await denied(encrypt());
    await encrypt({}, undefined, [String(GrantToken)]);
    await aws.simulator.clock.set({ advanceMs: 300_000 });
    await encrypt();
  });
});

describe("the life of a grant", () => {
  it("listed, filtered, page by page", async () => {
    const { ownerKms, owner, vendor, KeyId, GrantId } = await granted({
      Name: "first",
      Constraints: { EncryptionContextSubset: CONTEXT },
    });
    const second = await ownerKms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: owner.principalArn, Operations: ["Decrypt"] }),
    );
    const page = await ownerKms.send(new ListGrantsCommand({ KeyId, Limit: 1 }));
    const rest = await ownerKms.send(new ListGrantsCommand({ KeyId, Limit: 1, Marker: page.NextMarker }));
    expect([...(page.Grants ?? []), ...(rest.Grants ?? [])].map((grant) => grant.GrantId)).toEqual([GrantId, second.GrantId]);
    expect(page.Grants?.[0]).toMatchObject({
      KeyId,
      Name: "first",
      GranteePrincipal: vendor.principalArn,
      IssuingAccount: `arn:aws:iam::${owner.id}:root`,
      Operations: ["Encrypt", "Decrypt"],
      Constraints: { EncryptionContextSubset: CONTEXT },
    });
    const only = await ownerKms.send(new ListGrantsCommand({ KeyId, GranteePrincipal: owner.principalArn }));
    expect(only.Grants?.map((grant) => grant.GrantId)).toEqual([second.GrantId]);
  });

  it("a retry with the same name makes no second grant; without a name it does", async () => {
    const { ownerKms, vendor, KeyId, GrantId } = await granted({ Name: "once" });
    const input = { KeyId, GranteePrincipal: vendor.principalArn, Operations: ["Encrypt" as const, "Decrypt" as const] };
    expect((await ownerKms.send(new CreateGrantCommand({ ...input, Name: "once" }))).GrantId).toBe(GrantId);
    expect((await ownerKms.send(new CreateGrantCommand(input))).GrantId).not.toBe(GrantId);
  });

  it("revoked by the owner, it counts no more; revoking again is NotFoundException", async () => {
    const { ownerKms, vendorKms, KeyId, GrantId, encrypt } = await granted();
    await denied(vendorKms.send(new RevokeGrantCommand({ KeyId, GrantId })));
    await ownerKms.send(new RevokeGrantCommand({ KeyId, GrantId }));
    await denied(encrypt());
    expect((await failureOf(ownerKms.send(new RevokeGrantCommand({ KeyId, GrantId })))).name).toBe("NotFoundException");
  });

  it("retired by the retiring principal, by token", async () => {
    const { vendorKms, vendor, GrantToken, GrantId, encrypt } = await granted({
      RetiringPrincipal: "arn:aws:iam::444455556666:role/service",
    });
    const retirable = await vendorKms.send(new ListRetirableGrantsCommand({ RetiringPrincipal: vendor.principalArn }));
    expect(retirable.Grants?.map((grant) => grant.GrantId)).toEqual([GrantId]);
    await vendorKms.send(new RetireGrantCommand({ GrantToken }));
    await denied(encrypt());
    const again = await failureOf(vendorKms.send(new RetireGrantCommand({ GrantToken })));
    expect(again.name).toBe("InvalidGrantTokenException");
  });

  it("retired by a grantee only where the grant says so, and by the account that made it", async () => {
    const without = await granted();
    await denied(without.vendorKms.send(new RetireGrantCommand({ KeyId: without.KeyId, GrantId: without.GrantId })));
    await without.ownerKms.send(new RetireGrantCommand({ KeyId: without.KeyId, GrantId: without.GrantId }));
    await denied(without.encrypt());
    const withIt = await granted({ Operations: ["Encrypt", "RetireGrant"] });
    await withIt.vendorKms.send(new RetireGrantCommand({ KeyId: withIt.KeyId, GrantId: withIt.GrantId }));
    await denied(withIt.encrypt());
  });

  it("DryRun makes, revokes and retires nothing", async () => {
    const { ownerKms, vendor, KeyId, GrantId, encrypt } = await granted();
    const grantee = { KeyId, GranteePrincipal: vendor.principalArn, Operations: ["Decrypt" as const] };
    for (const call of [
      ownerKms.send(new CreateGrantCommand({ ...grantee, DryRun: true })),
      ownerKms.send(new RevokeGrantCommand({ KeyId, GrantId, DryRun: true })),
      ownerKms.send(new RetireGrantCommand({ KeyId, GrantId, DryRun: true })),
    ]) {
      expect((await failureOf(call)).name).toBe("DryRunOperationException");
    }
    await encrypt();
    expect((await ownerKms.send(new ListGrantsCommand({ KeyId }))).Grants).toHaveLength(1);
  });
});

describe("who may make grants", () => {
  it("a grantee of CreateGrant: for no more operations, and under constraints at least as strict", async () => {
    const { aws, vendorKms, vendor, KeyId } = await granted({
      Operations: ["CreateGrant", "Encrypt"],
      Constraints: { EncryptionContextSubset: CONTEXT },
    });
    const child = await aws.simulator.accounts.create({ id: vendor.id, name: "vendor", principal: "user/child" });
    const make = (more: Partial<CreateGrantCommandInput>) =>
      vendorKms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: child.principalArn, Operations: ["Encrypt"], ...more }));
    await denied(make({}));
    await denied(make({ Operations: ["Decrypt"], Constraints: { EncryptionContextSubset: CONTEXT } }));
    await denied(make({ Constraints: { EncryptionContextSubset: { tenant: "other" } } }));
    await make({ Constraints: { EncryptionContextEquals: { ...CONTEXT, more: "x" } } });
    const encrypt = (EncryptionContext: Record<string, string>) =>
      sdk(aws, child).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext }));
    await encrypt({ ...CONTEXT, more: "x" });
    await denied(encrypt(CONTEXT));
  });

  it("a policy can limit it by kms:GrantOperations and kms:GrantIsForAWSResource", async () => {
    const { ownerKms, vendorKms, owner, vendor } = await granted();
    const Policy = keyPolicy(
      { Principal: { AWS: owner.id } },
      {
        Principal: { AWS: vendor.id },
        Action: "kms:CreateGrant",
        Condition: {
          "ForAllValues:StringEquals": { "kms:GrantOperations": ["Encrypt", "Decrypt"] },
          Bool: { "kms:GrantIsForAWSResource": "false" },
        },
      },
    );
    const KeyId = String((await ownerKms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);
    const make = (Operations: CreateGrantCommandInput["Operations"]) =>
      vendorKms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: vendor.principalArn, Operations }));
    await make(["Encrypt"]);
    await denied(make(["Encrypt", "GenerateDataKey"]));
  });

  it("refuses what AWS refuses", async () => {
    const { ownerKms, vendor, KeyId } = await granted();
    const signing = await ownerKms.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }));
    const make = (more: Partial<CreateGrantCommandInput>) =>
      failureOf(
        ownerKms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: vendor.principalArn, Operations: ["Encrypt"], ...more })),
      );
    expect((await make({ GranteePrincipal: "somebody" })).name).toBe("InvalidArnException");
    expect((await make({ Operations: [] })).name).toBe("ValidationException");
    expect((await make({ Operations: ["Sign"] })).name).toBe("ValidationException");
    expect((await make({ Operations: ["Nothing" as "Sign"] })).message).toContain("Member must satisfy enum value set");
    expect((await make({ KeyId: signing.KeyMetadata?.Arn, Operations: ["Encrypt"] })).name).toBe("ValidationException");
    const EncryptionContextEquals = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, "v"]));
    expect((await make({ Constraints: { EncryptionContextEquals } })).name).toBe("ValidationException");
  });
});
