// Invariant: an account's trail has what AWS documents that it has: a call on another account's key in both accounts, a denied one
// in the caller's alone, one that never reached AWS in neither.
import { CreateKeyCommand, DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { expect, it } from "vitest";
import type { CloudTrailFile, CloudTrailRecord } from "../src/index.js";
import { failureOf, type Parties, parties, sharedPolicy } from "./harness.js";

async function trailOf({ aws }: Parties, accountId: string): Promise<readonly CloudTrailRecord[]> {
  const answer = await fetch(`${aws.url}/_simulator/cloudtrail/${accountId}`);
  return ((await answer.json()) as CloudTrailFile).Records;
}

async function createSharedKey(world: Parties): Promise<string> {
  const made = await world.ownerKms.send(new CreateKeyCommand({ Policy: sharedPolicy(world.owner, world.vendor) }));
  return made.KeyMetadata?.Arn ?? "";
}

const encrypt = (client: KMSClient, KeyId: string, tenant: string) =>
  client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext: { tenant } }));

it("an allowed call is in both accounts' trails, as one shared event, and the owner is told the caller's account only", async () => {
  const world = await parties();
  const keyArn = await createSharedKey(world);
  const { $metadata } = await encrypt(world.vendorKms, keyArn, "acme");
  const of = async (id: string) => (await trailOf(world, id)).filter(({ requestID }) => requestID === $metadata.requestId);
  const [[vendors, ...more], [owners]] = [await of(world.vendor.id), await of(world.owner.id)];
  expect(more).toEqual([]);
  expect(vendors).toMatchObject({
    eventSource: "kms.amazonaws.com",
    eventName: "Encrypt",
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    awsRegion: "us-east-1",
    userIdentity: { type: "AssumedRole", accountId: world.vendor.id, arn: expect.stringContaining(":assumed-role/service/") },
    requestParameters: { keyId: keyArn, encryptionContext: { tenant: "acme" } },
    resources: [{ accountId: world.owner.id, type: "AWS::KMS::Key", ARN: keyArn }],
    recipientAccountId: world.vendor.id,
  });
  expect(vendors).not.toHaveProperty("errorCode");
  expect(owners).toMatchObject({
    recipientAccountId: world.owner.id,
    sharedEventID: vendors?.sharedEventID,
    eventName: "Encrypt",
  });
  expect(owners?.userIdentity).toEqual({ type: "AWSAccount", principalId: expect.any(String), accountId: world.vendor.id });
  expect(owners?.eventID).not.toBe(vendors?.eventID);
});

it("a denied call is in the caller's trail alone; one that fails otherwise in both", async () => {
  const world = await parties();
  const keyArn = await createSharedKey(world);
  await failureOf(encrypt(world.vendorKms, keyArn, "other"));
  await world.aws.simulator.keys.setState(keyArn, { state: "Disabled" });
  await failureOf(encrypt(world.vendorKms, keyArn, "acme"));
  const codes = async (id: string) => (await trailOf(world, id)).flatMap(({ errorCode }) => errorCode ?? []);
  expect(await codes(world.vendor.id)).toEqual(["AccessDenied", "DisabledException"]);
  expect(await codes(world.owner.id)).toEqual(["DisabledException"]);
});

it("a call on one's own key is in one's own trail alone, and is no shared event", async () => {
  const world = await parties();
  const keyArn = await createSharedKey(world);
  const { CiphertextBlob } = await encrypt(world.ownerKms, keyArn, "acme");
  await world.ownerKms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: "acme" } }));
  const owners = await trailOf(world, world.owner.id);
  expect(owners.map(({ eventName, readOnly }) => [eventName, readOnly])).toEqual([
    ["CreateKey", false],
    ["Encrypt", true],
    ["Decrypt", true],
  ]);
  expect(owners.every((record) => record.sharedEventID === undefined && record.userIdentity["type"] === "IAMUser")).toBe(true);
  expect(await trailOf(world, world.vendor.id)).toEqual([]);
});

it("what a fault kept from AWS is in no trail; what it answered for AWS is", async () => {
  const world = await parties();
  const keyArn = await createSharedKey(world);
  await world.aws.simulator.faults.replace([{ operation: "Encrypt", effect: "reset" }]);
  await failureOf(encrypt(world.vendorKms, keyArn, "acme"));
  expect(await trailOf(world, world.vendor.id)).toEqual([]);
  await world.aws.simulator.faults.replace([{ operation: "Encrypt", error: { code: "ThrottlingException", statusCode: 400 } }]);
  await failureOf(encrypt(world.vendorKms, keyArn, "acme"));
  expect(await trailOf(world, world.vendor.id)).toMatchObject([{ errorCode: "ThrottlingException" }]);
});

it("an account that is not there has no trail", async () => {
  const { aws } = await parties();
  expect((await fetch(`${aws.url}/_simulator/cloudtrail/999999999999`)).status).toBe(404);
});
