// Invariant: with quotas on, a caller's account gets its share of each Region and no more, and pays for nobody else.
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  type KMSClient,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createSimulatorClient, type MockAwsOptions } from "../src/index.js";
import { failureOf, keyPolicy, parties, sdk } from "./harness.js";

/** A clock that stands still: what is taken from a bucket does not come back by itself. */
const STILL: MockAwsOptions = { clock: { now: () => new Date("2026-01-01T00:00:00Z") } };
const random = (kms: KMSClient) => kms.send(new GenerateRandomCommand({ NumberOfBytes: 1 }));
const throttled = {
  name: "ThrottlingException",
  message: "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
  status: 400,
};

describe("quotas", () => {
  it("are off at the start, and AWS's where they are switched on", async () => {
    const { aws } = await parties();
    const { quotas } = createSimulatorClient(aws.url);
    expect((await quotas.get()).enabled).toBe(false);
    const on = await quotas.set({ perSecond: { DescribeKey: 3 } });
    expect(on).toMatchObject({ enabled: true, perSecond: { Cryptographic: 10_000, DescribeKey: 3, CreateKey: 5 } });
    await expect(quotas.set({ perSecond: { Nothing: 1 } })).rejects.toMatchObject({ status: 400 });
    await expect(quotas.set({ perSecond: { CreateKey: -1 } })).rejects.toMatchObject({ status: 400 });
    expect((await quotas.set({ enabled: false })).enabled).toBe(false);
  });

  it("throttle beyond a second's worth, per operation, and fill again as the simulated clock goes on", async () => {
    const { aws, ownerKms } = await parties(STILL);
    await aws.simulator.quotas.set({});
    for (let made = 0; made < 5; made++) await ownerKms.send(new CreateKeyCommand({}));
    expect(await failureOf(ownerKms.send(new CreateKeyCommand({})))).toEqual(throttled);
    await ownerKms.send(new ListKeysCommand({}));
    await aws.simulator.clock.set({ advanceMs: 400 });
    await ownerKms.send(new CreateKeyCommand({}));
    await ownerKms.send(new CreateKeyCommand({}));
    expect((await failureOf(ownerKms.send(new CreateKeyCommand({})))).name).toBe("ThrottlingException");
  });

  it("symmetric cryptography shares one; each account and each Region has its own", async () => {
    const { aws, ownerKms, vendorKms, owner } = await parties(STILL);
    const KeyId = (await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    await aws.simulator.quotas.set({ perSecond: { Cryptographic: 2 } });
    await random(ownerKms);
    await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
    expect(await failureOf(random(ownerKms))).toEqual(throttled);
    await random(vendorKms);
    await random(sdk(aws, owner, "eu-west-1"));
    await ownerKms.send(new DescribeKeyCommand({ KeyId }));
  });

  it("fall on the caller, not on the key's owner", async () => {
    const { aws, ownerKms, vendorKms, owner, vendor } = await parties(STILL);
    const Policy = keyPolicy({ Principal: { AWS: [owner.id, vendor.id] } });
    const KeyId = (await ownerKms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn;
    await aws.simulator.quotas.set({ perSecond: { Cryptographic: 1 } });
    const encrypt = (kms: KMSClient) => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
    await encrypt(vendorKms);
    expect((await failureOf(encrypt(vendorKms))).name).toBe("ThrottlingException");
    await encrypt(ownerKms);
  });
});
