import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListKeyPoliciesCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, keyPolicy, parties, sdk, sharedPolicy } from "./harness.js";

async function withKey() {
  const world = await parties();
  const arn = String((await world.ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const id = arn.replace(/.*\//, "");
  const aliasArn = (name: string) => `arn:aws:kms:us-east-1:${world.owner.id}:${name}`;
  return { ...world, arn, id, aliasArn };
}

describe("aliases", () => {
  it("stand for the key wherever AWS lets them, by name and by ARN, and the answer names the key", async () => {
    const { ownerKms, arn, aliasArn } = await withKey();
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: arn }));
    for (const KeyId of ["alias/main", aliasArn("alias/main")]) {
      expect((await ownerKms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(arn);
      const { CiphertextBlob } = await ownerKms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
      expect((await ownerKms.send(new DecryptCommand({ KeyId, CiphertextBlob }))).KeyId).toBe(arn);
    }
  });

  it("do not stand for a key in operations that want its id or ARN", async () => {
    const { ownerKms, arn } = await withKey();
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: arn }));
    for (const call of [
      ownerKms.send(new DisableKeyCommand({ KeyId: "alias/main" })),
      ownerKms.send(new GetKeyPolicyCommand({ KeyId: "alias/main" })),
    ]) {
      expect(await failureOf(call)).toMatchObject({ name: "NotFoundException", message: "Invalid keyId 'alias/main'" });
    }
  });

  it("are listed by name, page by page, and for one key", async () => {
    const { ownerKms, arn, id, aliasArn } = await withKey();
    const other = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    for (const [name, TargetKeyId] of [
      ["alias/c", arn],
      ["alias/a", arn],
      ["alias/b", other],
    ]) {
      await ownerKms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId }));
    }
    const first = await ownerKms.send(new ListAliasesCommand({ Limit: 2 }));
    const second = await ownerKms.send(new ListAliasesCommand({ Limit: 2, Marker: first.NextMarker }));
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
    const names = [...(first.Aliases ?? []), ...(second.Aliases ?? [])].map((alias) => alias.AliasName);
    expect(names).toEqual(["alias/a", "alias/b", "alias/c"]);
    expect(first.Aliases?.[0]).toMatchObject({ AliasArn: aliasArn("alias/a"), TargetKeyId: id });
    const ofKey = await ownerKms.send(new ListAliasesCommand({ KeyId: arn }));
    expect(ofKey.Aliases?.map((alias) => alias.AliasName)).toEqual(["alias/a", "alias/c"]);
    expect((await failureOf(ownerKms.send(new ListAliasesCommand({ Marker: "nowhere" })))).name).toBe("InvalidMarkerException");
  });

  it("move to another key of the same kind, and go when they are deleted or their key is", async () => {
    const { aws, ownerKms, arn, aliasArn } = await withKey();
    const other = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    const hmac = await ownerKms.send(new CreateKeyCommand({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }));
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: arn }));
    await ownerKms.send(new UpdateAliasCommand({ AliasName: "alias/main", TargetKeyId: other }));
    expect((await ownerKms.send(new DescribeKeyCommand({ KeyId: "alias/main" }))).KeyMetadata?.Arn).toBe(other);
    const toHmac = ownerKms.send(new UpdateAliasCommand({ AliasName: "alias/main", TargetKeyId: hmac.KeyMetadata?.Arn }));
    expect((await failureOf(toHmac)).name).toBe("ValidationException");
    await ownerKms.send(new DeleteAliasCommand({ AliasName: "alias/main" }));
    const missing = { name: "NotFoundException", message: `Alias ${aliasArn("alias/main")} is not found.` };
    expect(await failureOf(ownerKms.send(new DescribeKeyCommand({ KeyId: "alias/main" })))).toMatchObject(missing);
    expect(await failureOf(ownerKms.send(new DeleteAliasCommand({ AliasName: "alias/main" })))).toMatchObject(missing);
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: other }));
    await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId: other, PendingWindowInDays: 7 }));
    await aws.simulator.clock.set({ advanceMs: 7 * 86_400_000 });
    expect(await failureOf(ownerKms.send(new DescribeKeyCommand({ KeyId: "alias/main" })))).toMatchObject(missing);
    expect((await ownerKms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: arn }));
  });

  it("are refused as AWS refuses them", async () => {
    const { ownerKms, arn, aliasArn } = await withKey();
    const create = (AliasName: string, TargetKeyId = arn) =>
      failureOf(ownerKms.send(new CreateAliasCommand({ AliasName, TargetKeyId })));
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/main", TargetKeyId: arn }));
    expect(await create("alias/main")).toMatchObject({
      name: "AlreadyExistsException",
      message: `An alias with the name ${aliasArn("alias/main")} already exists`,
    });
    expect((await create("main")).message).toContain('Alias must start with the prefix "alias/"');
    expect((await create("alias/aws/s3")).name).toBe("NotAuthorizedException");
    expect((await create("alias/ü")).message).toContain("Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$");
    expect(await create("alias/second", "alias/main")).toMatchObject({
      name: "ValidationException",
      message: "Aliases must refer to keys. Not aliases",
    });
  });

  it("of another account lead to its key by ARN, where its policy lets in; kms:RequestAlias and kms:ResourceAliases are known", async () => {
    const { ownerKms, vendorKms, owner, vendor, aliasArn } = await withKey();
    const shared = await ownerKms.send(new CreateKeyCommand({ Policy: sharedPolicy(owner, vendor) }));
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/shared", TargetKeyId: shared.KeyMetadata?.Arn }));
    const input = { KeyId: aliasArn("alias/shared"), Plaintext: Buffer.from("x"), EncryptionContext: { tenant: "acme" } };
    expect((await vendorKms.send(new EncryptCommand(input))).KeyId).toBe(shared.KeyMetadata?.Arn);
    const Policy = keyPolicy(
      { Principal: { AWS: owner.principalArn } },
      {
        Principal: { AWS: vendor.id },
        Action: "kms:Encrypt",
        Condition: {
          StringEquals: { "kms:RequestAlias": "alias/only" },
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/only" },
        },
      },
    );
    const only = String((await ownerKms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);
    await ownerKms.send(new CreateAliasCommand({ AliasName: "alias/only", TargetKeyId: only }));
    await vendorKms.send(new EncryptCommand({ KeyId: aliasArn("alias/only"), Plaintext: Buffer.from("x") }));
    const byKeyArn = vendorKms.send(new EncryptCommand({ KeyId: only, Plaintext: Buffer.from("x") }));
    expect((await failureOf(byKeyArn)).name).toBe("AccessDeniedException");
  });
});

describe("tags, description, policy names", () => {
  it("tags are added, replaced, taken away and listed page by page", async () => {
    const { ownerKms, arn } = await withKey();
    const Tags = ["a", "b", "c"].map((TagKey) => ({ TagKey, TagValue: "1" }));
    await ownerKms.send(new TagResourceCommand({ KeyId: arn, Tags }));
    await ownerKms.send(new TagResourceCommand({ KeyId: arn, Tags: [{ TagKey: "a", TagValue: "2" }] }));
    await ownerKms.send(new UntagResourceCommand({ KeyId: arn, TagKeys: ["b", "unknown"] }));
    const first = await ownerKms.send(new ListResourceTagsCommand({ KeyId: arn, Limit: 1 }));
    const second = await ownerKms.send(new ListResourceTagsCommand({ KeyId: arn, Limit: 1, Marker: first.NextMarker }));
    expect([...(first.Tags ?? []), ...(second.Tags ?? [])]).toEqual([
      { TagKey: "c", TagValue: "1" },
      { TagKey: "a", TagValue: "2" },
    ]);
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
  });

  it("tags are refused in AWS's words", async () => {
    const { ownerKms, arn } = await withKey();
    const tag = (...Tags: { TagKey: string; TagValue: string }[]) =>
      failureOf(ownerKms.send(new TagResourceCommand({ KeyId: arn, Tags })));
    expect(await tag({ TagKey: "AWS:x", TagValue: "" })).toMatchObject({
      name: "TagException",
      message: "Tags beginning with aws: are reserved",
    });
    expect((await tag({ TagKey: "a", TagValue: "" }, { TagKey: "a", TagValue: "" })).message).toBe("Duplicate tag keys");
    const many = Array.from({ length: 51 }, (_, index) => ({ TagKey: `k${index}`, TagValue: "" }));
    expect((await tag(...many)).message).toBe("Too many tags");
    expect((await tag({ TagKey: "ok", TagValue: "" }, { TagKey: "x".repeat(129), TagValue: "" })).message).toBe(
      `1 validation error detected: Value '${"x".repeat(129)}' at 'tags.2.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
    );
  });

  it("decide where a policy asks for them: aws:ResourceTag, aws:RequestTag, aws:TagKeys", async () => {
    const { aws, ownerKms, owner } = await withKey();
    const intern = await aws.simulator.accounts.create({ id: owner.id, name: "customer", principal: "user/intern" });
    const Policy = keyPolicy(
      { Principal: { AWS: owner.principalArn } },
      {
        Principal: { AWS: intern.principalArn },
        Action: "kms:TagResource",
        Condition: { StringEquals: { "aws:RequestTag/team": "ops" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } },
      },
      {
        Principal: { AWS: intern.principalArn },
        Action: "kms:Encrypt",
        Condition: { StringEquals: { "aws:ResourceTag/team": "ops" } },
      },
    );
    const KeyId = String((await ownerKms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);
    const internKms = sdk(aws, intern);
    const encrypt = () => internKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
    const tag = (TagKey: string, TagValue: string) =>
      internKms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey, TagValue }] }));
    expect((await failureOf(encrypt())).name).toBe("AccessDeniedException");
    expect((await failureOf(tag("team", "dev"))).name).toBe("AccessDeniedException");
    expect((await failureOf(tag("other", "ops"))).name).toBe("AccessDeniedException");
    await tag("team", "ops");
    await encrypt();
  });

  it("UpdateKeyDescription changes the description, ListKeyPolicies knows the one name", async () => {
    const { ownerKms, arn } = await withKey();
    await ownerKms.send(new UpdateKeyDescriptionCommand({ KeyId: arn, Description: "new" }));
    expect((await ownerKms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.Description).toBe("new");
    expect(await ownerKms.send(new ListKeyPoliciesCommand({ KeyId: arn }))).toMatchObject({
      PolicyNames: ["default"],
      Truncated: false,
    });
  });
});
