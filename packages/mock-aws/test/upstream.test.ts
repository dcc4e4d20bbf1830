import { CreateKeyCommand, DecryptCommand, DescribeKeyCommand, DisableKeyCommand, EncryptCommand } from "@aws-sdk/client-kms";
import { describe, expect, it, vi } from "vitest";
import { AwsFault } from "../src/front/aws-fault.js";
import { createUpstream } from "../src/upstream/create-upstream.js";
import { failureOf, LOCALSTACK_URL, parties, sdk, sharedPolicy } from "./harness.js";
import { startLocalStackDouble } from "./localstack-double.js";
import { newUpstreamKey, okay, upstreamContract } from "./upstream-contract.js";

upstreamContract("embedded", () => createUpstream());
upstreamContract("a double of LocalStack", async () => createUpstream((await startLocalStackDouble()).url));
if (LOCALSTACK_URL !== undefined) upstreamContract("LocalStack", () => createUpstream(LOCALSTACK_URL));

describe("LocalStack behind the front", () => {
  it("holds the keys, while policies, accounts and states are enforced in front of it", async () => {
    const localstack = await startLocalStackDouble();
    const { aws, owner, vendor, ownerKms, vendorKms } = await parties({ upstream: localstack.url });
    expect((await aws.simulator.health()).upstream).toBe(localstack.url);
    const created = await ownerKms.send(new CreateKeyCommand({ Policy: sharedPolicy(owner, vendor) }));
    const KeyId = String(created.KeyMetadata?.Arn);
    const EncryptionContext = { tenant: "acme" };
    const encrypted = await vendorKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext }));
    const decrypt = () => vendorKms.send(new DecryptCommand({ CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext }));
    expect((await decrypt()).KeyId).toBe(KeyId);
    expect(localstack.calls).toEqual(expect.arrayContaining(["CreateKey", "Encrypt", "Decrypt"]));

    const wrongContext = new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext: { tenant: "other" } });
    expect((await failureOf(vendorKms.send(wrongContext))).name).toBe("AccessDeniedException");
    await aws.simulator.accounts.setStatus(owner.id, { status: "SUSPENDED" });
    expect((await failureOf(decrypt())).name).toBe("AccessDeniedException");
    await aws.simulator.accounts.setStatus(owner.id, { status: "ACTIVE" });

    await ownerKms.send(new DisableKeyCommand({ KeyId }));
    expect(localstack.calls.at(-1)).toBe("DisableKey");
    expect(await failureOf(decrypt())).toMatchObject({ name: "DisabledException", message: `${KeyId} is disabled.` });
    await aws.simulator.keys.setState(KeyId, { state: "Enabled" });
    await decrypt();
  });

  it("a key made in LocalStack itself can be used through the front by its owner", async () => {
    const localstack = await startLocalStackDouble();
    const key = newUpstreamKey();
    await createUpstream(localstack.url).createKey(key);
    const { ownerKms, vendorKms } = await parties({ upstream: localstack.url });
    expect((await ownerKms.send(new DescribeKeyCommand({ KeyId: key.arn }))).KeyMetadata).toMatchObject({ KeyState: "Enabled" });
    await ownerKms.send(new EncryptCommand({ KeyId: key.id, Plaintext: Buffer.from("x") }));
    const foreign = vendorKms.send(new EncryptCommand({ KeyId: key.arn, Plaintext: Buffer.from("x") }));
    expect((await failureOf(foreign)).name).toBe("AccessDeniedException");
  });

  it("a key that someone disabled in LocalStack itself is refused as disabled, with AWS's status", async () => {
    const localstack = await startLocalStackDouble();
    const { ownerKms, owner } = await parties({ upstream: localstack.url });
    const { KeyMetadata } = await ownerKms.send(new CreateKeyCommand({}));
    const behind = createUpstream(localstack.url);
    const arn = String(KeyMetadata?.Arn);
    await behind.setState({ arn, id: String(KeyMetadata?.KeyId), accountId: owner.id, region: "us-east-1" }, "Disabled", 0);
    const failure = await failureOf(ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") })));
    expect(failure).toEqual({ name: "DisabledException", message: `${arn} is disabled.`, status: 400 });
  });

  it("a delayed change reaches it after the delay, so that calls succeed until then", async () => {
    const localstack = await startLocalStackDouble();
    const { aws, ownerKms } = await parties({ upstream: localstack.url });
    const KeyId = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    await aws.simulator.keys.setState(KeyId, { state: "Disabled", visibleAfterMs: 150 });
    await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
    await vi.waitFor(() => expect(localstack.calls).toContain("DisableKey"));
  });

  it("that does not answer is KMSInternalException, not a hang or a crash", async () => {
    const { aws, owner } = await parties({ upstream: "http://127.0.0.1:1" });
    const failure = await failureOf(sdk(aws, owner).send(new CreateKeyCommand({})));
    expect(failure).toMatchObject({ name: "KMSInternalException", status: 500 });
    const upstream = createUpstream("http://127.0.0.1:1");
    expect(await upstream.encrypt(newUpstreamKey(), Buffer.from("x"), {})).toBeInstanceOf(AwsFault);
    expect(() => createUpstream("nonsense")).toThrow();
    expect(okay(await createUpstream().createKey(newUpstreamKey()))).toBeNull();
  });
});
