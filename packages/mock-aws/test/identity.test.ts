// Invariant: a caller may do what its own policies and the key's policy together allow, as AWS combines them; never more.
import {
  CreateAliasCommand,
  CreateKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  type KMSClient,
  ListKeysCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { createSimulatorClient, type MockAws } from "../src/index.js";
import { type Credentials, failureOf, keyPolicy, onEnd, parties, sdk } from "./harness.js";

const allow = (Action: string | string[], more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*", ...more }],
});
const deny = (Action: string) => allow(Action, { Effect: "Deny" });
const encrypt = (kms: KMSClient, KeyId: string) => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));

const newKey = async (kms: KMSClient, Policy?: string) =>
  String((await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);

function sts(aws: MockAws, { accessKeyId, secretAccessKey, sessionToken }: Credentials): STSClient {
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const client = new STSClient({ endpoint: aws.url, region: "us-east-1", credentials, maxAttempts: 1 });
  onEnd(() => client.destroy());
  return client;
}

describe("identity policies", () => {
  it("decide where the key policy leaves it to the account", async () => {
    const { aws, ownerKms, owner } = await parties();
    const KeyId = await newKey(ownerKms);
    const { accounts } = aws.simulator;
    await accounts.setPrincipal(owner.id, "user/admin", { policies: [allow("kms:Describe*")] });
    expect((await failureOf(encrypt(ownerKms, KeyId))).message).toBe(
      `User: ${owner.principalArn} is not authorized to perform: kms:Encrypt on resource: ${KeyId} because no identity-based ` +
        "policy allows the kms:Encrypt action",
    );
    await accounts.setPrincipal(owner.id, "user/admin", { policies: [allow("kms:Encrypt", { Resource: KeyId })] });
    await encrypt(ownerKms, KeyId);
    await accounts.setPrincipal(owner.id, "user/admin", { policies: [allow("kms:*"), deny("kms:Encrypt")] });
    expect((await failureOf(encrypt(ownerKms, KeyId))).message).toContain("with an explicit deny in an identity-based policy");
    await accounts.setPrincipal(owner.id, "user/admin", { policies: null });
    await encrypt(ownerKms, KeyId);
  });

  it("need not say anything where the key policy names the principal of its own account, but may deny", async () => {
    const { aws, ownerKms, owner } = await parties();
    const KeyId = await newKey(ownerKms, keyPolicy({ Principal: { AWS: owner.principalArn } }));
    await aws.simulator.accounts.setPrincipal(owner.id, "user/admin", { policies: [] });
    await encrypt(ownerKms, KeyId);
    await aws.simulator.accounts.setPrincipal(owner.id, "user/admin", { policies: [deny("kms:Encrypt")] });
    expect((await failureOf(encrypt(ownerKms, KeyId))).name).toBe("AccessDeniedException");
  });

  it("kms:ViaService tells a call through a service of AWS from one of the caller's own", async () => {
    const { aws, ownerKms, owner } = await parties();
    const throughS3 = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": owner.id } };
    const principal = { Principal: { AWS: owner.principalArn } };
    const administers = { ...principal, Action: undefined, NotAction: "kms:Encrypt" };
    const KeyId = await newKey(ownerKms, keyPolicy(administers, { ...principal, Action: "kms:Encrypt", Condition: throughS3 }));
    const via = (viaService: string | null) => aws.simulator.accounts.setPrincipal(owner.id, "user/admin", { viaService });
    expect((await failureOf(encrypt(ownerKms, KeyId))).name).toBe("AccessDeniedException");
    expect((await via("s3.us-east-1.amazonaws.com")).viaService).toBe("s3.us-east-1.amazonaws.com");
    await encrypt(ownerKms, KeyId);
    await via("ebs.us-east-1.amazonaws.com");
    expect((await failureOf(encrypt(ownerKms, KeyId))).name).toBe("AccessDeniedException");
    await via(null);
    expect((await failureOf(encrypt(ownerKms, KeyId))).name).toBe("AccessDeniedException");
    const remote = createSimulatorClient(aws.url).accounts;
    const wrong = remote.setPrincipal(owner.id, "user/admin", { viaService: "s3.example.com" });
    await expect(wrong).rejects.toThrow("viaService: must be SERVICE.REGION.amazonaws.com");
  });

  it("must allow as well across accounts", async () => {
    const { aws, ownerKms, vendorKms, owner, vendor } = await parties();
    const Policy = keyPolicy({ Principal: { AWS: owner.id } }, { Principal: { AWS: vendor.principalArn } });
    const KeyId = await newKey(ownerKms, Policy);
    await encrypt(vendorKms, KeyId);
    await aws.simulator.accounts.setPrincipal(vendor.id, "role/service", { policies: [allow("kms:Decrypt")] });
    expect((await failureOf(encrypt(vendorKms, KeyId))).message).toContain("because no identity-based policy allows");
    await aws.simulator.accounts.setPrincipal(vendor.id, "role/service", { policies: [allow("kms:Encrypt")] });
    await encrypt(vendorKms, KeyId);
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId, Policy: keyPolicy({ Principal: { AWS: owner.id } }) }));
    expect((await failureOf(encrypt(vendorKms, KeyId))).message).toContain("no resource-based policies allow access");
  });

  it("alone decide about operations without a key", async () => {
    const { aws, ownerKms, owner } = await parties();
    const KeyId = await newKey(ownerKms);
    await aws.simulator.accounts.setPrincipal(owner.id, "user/admin", {
      policies: [allow(["kms:ListKeys", "kms:CreateAlias"], { NotResource: "arn:aws:kms:*:*:alias/prod*" })].map((policy) => ({
        ...policy,
        Statement: policy.Statement.map(({ Resource: _Resource, ...statement }) => statement),
      })),
    });
    await ownerKms.send(new ListKeysCommand({}));
    for (const call of [
      ownerKms.send(new CreateKeyCommand({})),
      ownerKms.send(new GenerateRandomCommand({ NumberOfBytes: 1 })),
    ]) {
      expect((await failureOf(call)).name).toBe("AccessDeniedException");
    }
    const alias = (AliasName: string) => ownerKms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    await alias("alias/test");
    expect((await failureOf(alias("alias/prod"))).message).toContain(`alias/prod because no identity-based policy allows`);
  });

  it("and key policies know the organisation and the principal's tags, by variable too", async () => {
    const { aws, ownerKms, vendorKms, owner, vendor } = await parties();
    const Policy = keyPolicy(
      { Principal: { AWS: owner.id } },
      {
        Principal: "*",
        Action: "kms:Encrypt",
        Condition: {
          StringEquals: {
            "aws:PrincipalOrgID": "o-abcdefghij",
            "kms:EncryptionContext:team": "${aws:PrincipalTag/team}",
          },
        },
      },
    );
    const KeyId = await newKey(ownerKms, Policy);
    const asTeam = (team: string) =>
      vendorKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext: { team } }));
    expect((await failureOf(asTeam("ops"))).name).toBe("AccessDeniedException");
    await aws.simulator.accounts.update(vendor.id, { organizationId: "o-abcdefghij" });
    expect((await failureOf(asTeam("ops"))).name).toBe("AccessDeniedException");
    await aws.simulator.accounts.setPrincipal(vendor.id, "role/service", { tags: { team: "ops" } });
    await asTeam("ops");
    expect((await failureOf(asTeam("dev"))).name).toBe("AccessDeniedException");
  });

  it("are set over HTTP, and refused with a reason", async () => {
    const { aws, owner } = await parties();
    const simulator = createSimulatorClient(aws.url);
    const view = await simulator.accounts.setPrincipal(owner.id, "user/admin", { policies: [allow("kms:*")], tags: { a: "b" } });
    expect(view).toMatchObject({ principalArn: owner.principalArn, tags: { a: "b" }, trustPolicy: null });
    expect(view.policies).toEqual([JSON.stringify(allow("kms:*"))]);
    const put = (path: string, body: unknown) =>
      fetch(`${aws.url}/_simulator/accounts/${path}`, { method: "PUT", body: JSON.stringify(body) });
    expect((await put(`${owner.id}/principals/user/admin`, { policies: [] })).status).toBe(200);
    expect((await put(`${owner.id}/principals/user/nobody`, {})).status).toBe(404);
    expect((await put("999999999999", { organizationId: null })).status).toBe(404);
    expect((await put(owner.id, { organizationId: "acme" })).status).toBe(400);
    const malformed = await put(`${owner.id}/principals/user/admin`, { policies: [{ Version: "x" }] });
    expect([malformed.status, await malformed.json()]).toEqual([400, { message: "The policy has an unknown version." }]);
    expect((await put(`${owner.id}/principals/user/admin`, { tags: { "": "x" } })).status).toBe(400);
  });
});

describe("AssumeRole", () => {
  async function withRole(trust: object | null) {
    const world = await parties();
    await world.aws.simulator.accounts.create({ id: world.owner.id, name: "customer", principal: "role/keys" });
    const trustPolicy = trust && { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...trust }] };
    await world.aws.simulator.accounts.setPrincipal(world.owner.id, "role/keys", { trustPolicy });
    const RoleArn = `arn:aws:iam::${world.owner.id}:role/keys`;
    const assume = (more: Partial<AssumeRoleCommandInput> = {}, as: Credentials = world.vendor) =>
      sts(world.aws, as).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "backup", ...more }));
    const credentials = async (more: Partial<AssumeRoleCommandInput> = {}): Promise<Credentials> => {
      const { Credentials: given } = await assume(more);
      return {
        accessKeyId: String(given?.AccessKeyId),
        secretAccessKey: String(given?.SecretAccessKey),
        sessionToken: String(given?.SessionToken),
      };
    };
    return { ...world, RoleArn, assume, credentials };
  }
  const vendorRole = { Principal: { AWS: "arn:aws:iam::444455556666:role/service" } };

  it("gives credentials of the role's account, until they expire on the simulated clock", async () => {
    const { aws, owner, assume, credentials } = await withRole(vendorRole);
    const answer = await assume();
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${owner.id}:assumed-role/keys/backup`);
    expect(Math.abs(Number(answer.Credentials?.Expiration) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    const session = await credentials({ DurationSeconds: 900 });
    const kms = sdk(aws, session);
    await newKey(kms);
    expect(await sts(aws, session).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: owner.id,
      Arn: `arn:aws:sts::${owner.id}:assumed-role/keys/backup`,
    });
    await aws.simulator.clock.set({ advanceMs: 900_000 });
    expect(await failureOf(newKey(kms))).toEqual({
      name: "ExpiredTokenException",
      message: "The security token included in the request is expired",
      status: 400,
    });
    const expired = await failureOf(sts(aws, session).send(new GetCallerIdentityCommand({})));
    expect(expired).toMatchObject({ name: "ExpiredToken", status: 403 });
  });

  it("a token that is missing, another's or made up is UnrecognizedClientException", async () => {
    const { aws, owner, credentials } = await withRole(vendorRole);
    const [one, two] = [await credentials(), await credentials()];
    const { sessionToken: _token, ...without } = one;
    const strangers: Credentials[] = [
      without,
      { ...one, sessionToken: String(two.sessionToken) },
      { accessKeyId: owner.accessKeyId, secretAccessKey: owner.secretAccessKey, sessionToken: "made up" },
    ];
    for (const stranger of strangers) {
      expect(await failureOf(newKey(sdk(aws, stranger)))).toMatchObject({ name: "UnrecognizedClientException", status: 400 });
    }
  });

  it("asks for the external id that the trust policy names", async () => {
    const Condition = { StringEquals: { "sts:ExternalId": "tenant-7" } };
    const { assume, RoleArn, vendor } = await withRole({ ...vendorRole, Condition });
    await assume({ ExternalId: "tenant-7" });
    for (const more of [{}, { ExternalId: "tenant-8" }]) {
      expect(await failureOf(assume(more))).toEqual({
        name: "AccessDenied",
        message: `User: arn:aws:sts::${vendor.id}:assumed-role/service/session is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        status: 403,
      });
    }
  });

  it("lets in the role's own account alone where there is no trust policy; a role that is not there is denied alike", async () => {
    const { owner, assume } = await withRole(null);
    expect((await failureOf(assume())).name).toBe("AccessDenied");
    await assume({}, owner);
    const nobody = { RoleArn: `arn:aws:iam::${owner.id}:role/nobody` };
    expect((await failureOf(assume(nobody, owner))).name).toBe("AccessDenied");
  });

  it("needs the caller's own policies across accounts, and is denied into a suspended account", async () => {
    const { aws, owner, vendor, assume } = await withRole(vendorRole);
    await aws.simulator.accounts.setPrincipal(vendor.id, "role/service", { policies: [allow("kms:*")] });
    expect((await failureOf(assume())).name).toBe("AccessDenied");
    await aws.simulator.accounts.setPrincipal(vendor.id, "role/service", { policies: [allow("sts:AssumeRole")] });
    await assume();
    await aws.simulator.accounts.setStatus(owner.id, { status: "SUSPENDED" });
    expect(await failureOf(assume())).toMatchObject({ name: "AccessDenied", status: 403 });
  });

  it("session tags are the principal's tags of the session, and need sts:TagSession", async () => {
    const tagged = { Tags: [{ Key: "team", Value: "ops" }] };
    const without = await withRole(vendorRole);
    expect((await failureOf(without.assume(tagged))).name).toBe("AccessDenied");
    const { aws, ownerKms, owner, credentials } = await withRole({ ...vendorRole, Action: ["sts:AssumeRole", "sts:TagSession"] });
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "ops" } };
    const KeyId = await newKey(
      ownerKms,
      keyPolicy({ Principal: { AWS: owner.principalArn } }, { Principal: { AWS: owner.id }, Action: "kms:Encrypt", Condition }),
    );
    await encrypt(sdk(aws, await credentials(tagged)), KeyId);
    expect((await failureOf(encrypt(sdk(aws, await credentials()), KeyId))).name).toBe("AccessDeniedException");
  });

  it("a session policy narrows what the role may do", async () => {
    const { aws, ownerKms, owner, credentials } = await withRole(vendorRole);
    const KeyId = await newKey(ownerKms);
    const kms = sdk(aws, await credentials({ Policy: JSON.stringify(allow("kms:DescribeKey")) }));
    expect((await failureOf(encrypt(kms, KeyId))).message).toContain("because no identity-based policy allows");
    const named = keyPolicy({ Principal: { AWS: [owner.principalArn, `arn:aws:iam::${owner.id}:role/keys`] } });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId, Policy: named }));
    expect((await failureOf(encrypt(kms, KeyId))).name).toBe("AccessDeniedException");
    const session = keyPolicy({
      Principal: { AWS: [owner.principalArn, `arn:aws:sts::${owner.id}:assumed-role/keys/backup`] },
    });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId, Policy: session }));
    await encrypt(kms, KeyId);
  });

  it("refuses durations and documents that AWS refuses", async () => {
    const { assume } = await withRole(vendorRole);
    for (const DurationSeconds of [899, 43_201]) {
      expect((await failureOf(assume({ DurationSeconds }))).name).toBe("ValidationError");
    }
    expect((await failureOf(assume({ Policy: "{" }))).name).toBe("MalformedPolicyDocumentException");
    expect((await failureOf(assume({ RoleSessionName: "a b" }))).name).toBe("ValidationError");
  });
});
