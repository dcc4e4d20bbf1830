// Invariant: whoever the key's owner did not let in, with the very context that was let in, is refused, and cannot tell a
// withdrawn policy from a deleted key or one that never was. Suspension refuses as its profile says and heals at once.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import type { SuspensionProfile } from "../src/index.js";
import { failureOf, parties, sdk, sharedPolicy } from "./harness.js";

const RIGHT = { tenant: "acme" };

async function shared() {
  const world = await parties();
  const Policy = sharedPolicy(world.owner, world.vendor);
  const { KeyMetadata } = await world.ownerKms.send(new CreateKeyCommand({ Policy }));
  const arn = String(KeyMetadata?.Arn);
  const wrapped = await world.vendorKms.send(
    new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256", EncryptionContext: RIGHT }),
  );
  const CiphertextBlob = wrapped.CiphertextBlob ?? Buffer.alloc(0);
  const deniedText = (action: string) =>
    `User: arn:aws:sts::${world.vendor.id}:assumed-role/service/session is not authorized to perform: kms:${action} on this ` +
    "resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based " +
    "policy explicitly denies access";
  const decrypt = () => world.vendorKms.send(new DecryptCommand({ KeyId: arn, CiphertextBlob, EncryptionContext: RIGHT }));
  return { ...world, arn, CiphertextBlob, deniedText, decrypt };
}

describe("another account", () => {
  it("with a policy may do what it says, by ARN, with the right context", async () => {
    const { vendorKms, arn, decrypt, CiphertextBlob } = await shared();
    expect((await decrypt()).Plaintext).toHaveLength(32);
    const noKeyId = await vendorKms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: RIGHT }));
    expect(noKeyId.KeyId).toBe(arn);
    await vendorKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x"), EncryptionContext: RIGHT }));
    expect((await vendorKms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.Arn).toBe(arn);
  });

  it.each([
    ["another tenant's context", { tenant: "other" }],
    ["no context", {}],
    ["a value of another case", { tenant: "ACME" }],
  ])("with %s is denied, before the ciphertext is looked at", async (_name, EncryptionContext) => {
    const { vendorKms, arn, CiphertextBlob, deniedText } = await shared();
    const failure = await failureOf(vendorKms.send(new DecryptCommand({ KeyId: arn, CiphertextBlob, EncryptionContext })));
    expect(failure).toEqual({ name: "AccessDeniedException", message: deniedText("Decrypt"), status: 400 });
    const generate = vendorKms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256", EncryptionContext }));
    expect((await failureOf(generate)).message).toBe(deniedText("GenerateDataKey"));
  });

  it("whose context the policy allows but the ciphertext does not have gets InvalidCiphertextException", async () => {
    const { vendorKms, arn, CiphertextBlob } = await shared();
    const EncryptionContext = { ...RIGHT, generation: "2" };
    const failure = await failureOf(vendorKms.send(new DecryptCommand({ KeyId: arn, CiphertextBlob, EncryptionContext })));
    expect(failure.name).toBe("InvalidCiphertextException");
  });

  it("cannot tell a withdrawn policy, a deleted key and a key that never was apart", async () => {
    const { aws, ownerKms, vendorKms, arn, decrypt, deniedText, owner, CiphertextBlob } = await shared();
    const denied = { name: "AccessDeniedException", message: deniedText("Decrypt"), status: 400 };
    const neverWas = `arn:aws:kms:us-east-1:${owner.id}:key/00000000-0000-4000-8000-000000000000`;
    const noSuchAccount = "arn:aws:kms:us-east-1:999999999999:key/00000000-0000-4000-8000-000000000000";
    for (const KeyId of [neverWas, noSuchAccount]) {
      expect(await failureOf(vendorKms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: RIGHT })))).toEqual(
        denied,
      );
    }
    const alias = arn.replace(/key\/.*/, "alias/theirs");
    expect((await failureOf(vendorKms.send(new DescribeKeyCommand({ KeyId: alias })))).message).toBe(deniedText("DescribeKey"));
    const granted = String((await ownerKms.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy);
    const withdrawn = JSON.stringify({ ...JSON.parse(granted), Statement: JSON.parse(granted).Statement.slice(0, 1) });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: withdrawn }));
    expect(await failureOf(decrypt())).toEqual(denied);
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: granted }));
    await decrypt();
    await aws.simulator.keys.setState(arn, { state: "Deleted" });
    expect(await failureOf(decrypt())).toEqual(denied);
    const noKeyId = vendorKms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: RIGHT }));
    expect((await failureOf(noKeyId)).message).toBe(
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not " +
        "allowed to access.",
    );
  });

  it("may not administer, whatever the policy says, for these operations do not work across accounts", async () => {
    const { ownerKms, vendorKms, owner, vendor, arn, deniedText } = await shared();
    const everything = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: [owner.id, vendor.id] }, Action: "*", Resource: "*" }],
    });
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: everything }));
    const failures = [
      ["GetKeyPolicy", vendorKms.send(new GetKeyPolicyCommand({ KeyId: arn }))],
      ["PutKeyPolicy", vendorKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: everything }))],
      ["DisableKey", vendorKms.send(new DisableKeyCommand({ KeyId: arn }))],
      ["ScheduleKeyDeletion", vendorKms.send(new ScheduleKeyDeletionCommand({ KeyId: arn }))],
    ] as const;
    for (const [action, call] of failures) {
      expect(await failureOf(call)).toMatchObject({ name: "AccessDeniedException", message: deniedText(action) });
    }
  });

  it("means its own account by a bare key id", async () => {
    const { vendorKms, arn, vendor } = await shared();
    const id = arn.replace(/.*\//, "");
    expect(await failureOf(vendorKms.send(new DescribeKeyCommand({ KeyId: id })))).toMatchObject({
      name: "NotFoundException",
      message: `Key 'arn:aws:kms:us-east-1:${vendor.id}:key/${id}' does not exist`,
    });
  });

  it("is authorised twice for ReEncrypt, each key with its own context", async () => {
    const { ownerKms, vendorKms, owner, vendor, arn, CiphertextBlob, deniedText } = await shared();
    const created = await ownerKms.send(new CreateKeyCommand({ Policy: sharedPolicy(owner, vendor, "next") }));
    const DestinationKeyId = String(created.KeyMetadata?.Arn);
    const move = (from: Record<string, string>, to: Record<string, string>, SourceKeyId: string | undefined = arn) =>
      vendorKms.send(
        new ReEncryptCommand({
          CiphertextBlob,
          SourceKeyId,
          SourceEncryptionContext: from,
          DestinationKeyId,
          DestinationEncryptionContext: to,
        }),
      );
    const next = { tenant: "next" };
    expect(await move(RIGHT, next)).toMatchObject({ SourceKeyId: arn, KeyId: DestinationKeyId });
    expect((await failureOf(move(next, next))).message).toBe(deniedText("ReEncryptFrom"));
    expect((await failureOf(move(RIGHT, RIGHT))).message).toBe(deniedText("ReEncryptTo"));
  });

  it("a third account, and another principal of the vendor's, are denied", async () => {
    const { aws, vendor, arn } = await shared();
    const stranger = await aws.simulator.accounts.create({ name: "stranger" });
    const colleague = await aws.simulator.accounts.create({ id: vendor.id, name: "vendor", principal: "user/intern" });
    for (const account of [stranger, colleague]) {
      const kms = sdk(aws, account);
      const call = kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256", EncryptionContext: RIGHT }));
      expect((await failureOf(call)).name).toBe("AccessDeniedException");
    }
  });
});

describe("the owner's own principals", () => {
  it("are told which key and which action the policy does not allow", async () => {
    const { aws, ownerKms, owner } = await parties();
    const onlyAdmin = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: owner.principalArn }, Action: "kms:*", Resource: "*" },
        { Effect: "Deny", Principal: "*", Action: "kms:Encrypt", Resource: "*" },
      ],
    });
    const arn = String((await ownerKms.send(new CreateKeyCommand({ Policy: onlyAdmin }))).KeyMetadata?.Arn);
    const reader = await aws.simulator.accounts.create({ id: owner.id, name: "customer", principal: "user/reader" });
    expect(await failureOf(sdk(aws, reader).send(new DescribeKeyCommand({ KeyId: arn })))).toEqual({
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${owner.id}:user/reader is not authorized to perform: kms:DescribeKey on resource: ${arn} ` +
        "because no resource-based policy allows the kms:DescribeKey action",
      status: 400,
    });
    const denied = await failureOf(ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") })));
    expect(denied.message).toContain("with an explicit deny in a resource-based policy");
  });
});

describe("a suspended or closed owner", () => {
  const answers: [SuspensionProfile | undefined, string, (arn: string) => string][] = [
    [undefined, "AccessDeniedException", () => "no resource-based policies allow access"],
    ["cross-account-denied", "AccessDeniedException", () => "no resource-based policies allow access"],
    ["invalid-state", "KMSInvalidStateException", (arn) => `${arn} is unavailable.`],
    ["not-found", "NotFoundException", (arn) => `Key '${arn}' does not exist`],
  ];
  for (const status of ["SUSPENDED", "CLOSED"] as const) {
    it.each(answers)(
      `${status}, profile %s: its keys answer others %s, and work again once it is reinstated`,
      async (profile, name, text) => {
        const { aws, owner, vendorKms, arn, decrypt } = await shared();
        const changed = await aws.simulator.accounts.setStatus(owner.id, { status, profile });
        expect(changed).toMatchObject({ id: owner.id, status });
        expect(Math.abs(Date.parse(changed.effectiveAt) - Date.now())).toBeLessThan(5000);
        for (const call of [decrypt(), vendorKms.send(new DescribeKeyCommand({ KeyId: arn }))]) {
          const failure = await failureOf(call);
          expect(failure).toMatchObject({ name, status: 400 });
          expect(failure.message).toContain(text(arn));
        }
        await aws.simulator.accounts.setStatus(owner.id, { status: "ACTIVE" });
        expect((await decrypt()).Plaintext).toHaveLength(32);
      },
    );
  }

  it("tells a stranger nothing more than an active one would", async () => {
    const { aws, owner, arn } = await shared();
    await aws.simulator.accounts.setStatus(owner.id, { status: "SUSPENDED", profile: "invalid-state" });
    const stranger = sdk(aws, await aws.simulator.accounts.create({ name: "stranger" }));
    expect((await failureOf(stranger.send(new DescribeKeyCommand({ KeyId: arn })))).name).toBe("AccessDeniedException");
  });

  it("PENDING_CLOSURE behaves as ACTIVE", async () => {
    const { aws, owner, ownerKms, decrypt } = await shared();
    await aws.simulator.accounts.setStatus(owner.id, { status: "PENDING_CLOSURE" });
    await decrypt();
    await ownerKms.send(new ListKeysCommand({}));
  });

  it("closed for 90 simulated days, its keys are gone for good", async () => {
    const { aws, owner, decrypt } = await shared();
    await aws.simulator.accounts.setStatus(owner.id, { status: "CLOSED" });
    await aws.simulator.clock.set({ advanceMs: 89 * 86_400_000 });
    expect(await aws.simulator.keys.list()).toHaveLength(1);
    await aws.simulator.clock.set({ advanceMs: 86_400_000 });
    expect(await aws.simulator.keys.list()).toHaveLength(0);
    await aws.simulator.accounts.setStatus(owner.id, { status: "ACTIVE" });
    expect((await failureOf(decrypt())).name).toBe("AccessDeniedException");
  });
});

describe("a caller whose own account is not active", () => {
  it("suspended: OptInRequired 403; closed: UnrecognizedClientException 400; reinstated: works", async () => {
    const { aws, vendor, decrypt } = await shared();
    await aws.simulator.accounts.setStatus(vendor.id, { status: "SUSPENDED" });
    expect(await failureOf(decrypt())).toEqual({
      name: "OptInRequired",
      message: "The AWS Access Key Id needs a subscription for the service",
      status: 403,
    });
    await aws.simulator.accounts.setStatus(vendor.id, { status: "CLOSED" });
    expect(await failureOf(decrypt())).toEqual({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
      status: 400,
    });
    await aws.simulator.accounts.setStatus(vendor.id, { status: "ACTIVE" });
    await decrypt();
  });
});
