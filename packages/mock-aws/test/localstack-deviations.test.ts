// Each known deviation of LocalStack is still there. One that is mended fails here: take it, and what hides it, out of the code.
import { describe, expect, it } from "vitest";
import { type AwsClient, createAwsClient } from "../src/index.js";
import { DEVIATIONS, type DeviationId } from "../src/upstream/localstack/deviations.js";
import { LOCALSTACK_URL } from "./harness.js";
import { whenAvailable } from "./outside-world.js";

interface Place {
  readonly url: string;
  readonly owner: AwsClient;
  readonly stranger: AwsClient;
  readonly arn: string;
}

const x = { Plaintext: "eA==" };
const EVERYBODY_DENIED = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" }],
});

async function newKey(owner: AwsClient, input: object = {}): Promise<string> {
  return (((await owner.kms("CreateKey", { ...input })).body["KeyMetadata"] ?? {}) as { Arn: string }).Arn;
}

async function place(url: string): Promise<Place> {
  const as = (accessKeyId: string) =>
    createAwsClient({ endpoint: url, accessKeyId, secretAccessKey: "test", region: "us-east-1" });
  const owner = as("111122223333");
  return { url, owner, stranger: as("444455556666"), arn: await newKey(owner) };
}

const typeOf = ({ body }: { body: Record<string, unknown> }) => body["__type"];

/** Whether LocalStack does what the list says. */
const PROBES: Readonly<Record<DeviationId, (at: Place) => Promise<boolean>>> = {
  "unsigned-requests": async ({ url }) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.ListKeys" };
    return (await fetch(url, { method: "POST", headers, body: "{}" })).ok;
  },
  "account-is-access-key": async ({ url }) => {
    const options = { endpoint: url, accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wrong", region: "us-east-1" };
    return (await newKey(createAwsClient(options))).includes(":000000000000:");
  },
  "key-policy-ignored": async ({ owner, arn }) => {
    await owner.kms("PutKeyPolicy", { KeyId: arn, PolicyName: "default", Policy: EVERYBODY_DENIED });
    return (await owner.kms("Encrypt", { KeyId: arn, ...x })).status === 200;
  },
  "malformed-policy-accepted": async ({ owner, arn }) => {
    const malformed = await owner.kms("PutKeyPolicy", { KeyId: arn, PolicyName: "default", Policy: "{" });
    return malformed.status === 200 && (await owner.kms("CreateKey", { Policy: EVERYBODY_DENIED })).status === 200;
  },
  "cross-account-open": async ({ stranger, arn }) => (await stranger.kms("Encrypt", { KeyId: arn, ...x })).status === 200,
  "cross-account-missing-key": async ({ stranger, arn }) => {
    const KeyId = arn.replace(/key\/.*/, "key/00000000-0000-4000-8000-000000000000");
    return typeOf(await stranger.kms("Encrypt", { KeyId, ...x })) === "NotFoundException";
  },
  "cross-account-decrypt-by-ciphertext": async ({ owner, stranger, arn }) => {
    const { CiphertextBlob } = (await owner.kms("Encrypt", { KeyId: arn, ...x })).body;
    return typeOf(await stranger.kms("Decrypt", { CiphertextBlob })) === "NotFoundException";
  },
  "retire-grant-by-anyone": async ({ owner, stranger, arn }) => {
    const grantee = { GranteePrincipal: "arn:aws:iam::111122223333:root", Operations: ["Encrypt"] };
    const { GrantToken } = (await owner.kms("CreateGrant", { KeyId: arn, ...grantee })).body;
    return (await stranger.kms("RetireGrant", { GrantToken })).status === 200;
  },
  "encryption-context-ambiguous": async ({ owner, arn }) => {
    const { CiphertextBlob } = (await owner.kms("Encrypt", { KeyId: arn, ...x, EncryptionContext: { a: "bc" } })).body;
    return (await owner.kms("Decrypt", { CiphertextBlob, EncryptionContext: { ab: "c" } })).status === 200;
  },
  "foreign-ciphertext": async ({ owner }) =>
    typeOf(await owner.kms("Decrypt", { CiphertextBlob: Buffer.alloc(100, 7).toString("base64") })) === "NotFoundException",
  "data-key-length": async ({ owner, arn }) => {
    const { Plaintext } = (await owner.kms("GenerateDataKey", { KeyId: arn, NumberOfBytes: 64 })).body;
    return Buffer.from(String(Plaintext), "base64").length === 32;
  },
  "data-key-arguments": async ({ owner, arn }) => (await owner.kms("GenerateDataKey", { KeyId: arn })).status === 200,
  "dry-run-ignored": async ({ owner, arn }) => (await owner.kms("Encrypt", { KeyId: arn, ...x, DryRun: true })).status === 200,
  "cancel-deletion-text": async ({ owner, arn }) =>
    (await owner.kms("CancelKeyDeletion", { KeyId: arn })).body["message"] !== `${arn} is not pending deletion.`,
  "enable-without-material": async ({ owner }) =>
    (await owner.kms("EnableKey", { KeyId: await newKey(owner, { Origin: "EXTERNAL" }) })).status === 200,
  "schedule-deletion-bare-id": async ({ owner, arn }) =>
    (await owner.kms("ScheduleKeyDeletion", { KeyId: arn, PendingWindowInDays: 7 })).body["KeyId"] !== arn,
  "alias-where-key-is-needed": async ({ owner, arn }) => {
    const AliasName = `alias/${Date.now()}`;
    await owner.kms("CreateAlias", { AliasName, TargetKeyId: arn });
    return (await owner.kms("EnableKey", { KeyId: AliasName })).status === 200;
  },
  "public-key-of-symmetric-key": async ({ owner, arn }) => (await owner.kms("GetPublicKey", { KeyId: arn })).status === 200,
  "invalid-marker": async ({ owner }) => (await owner.kms("ListKeys", { Marker: "nowhere" })).status === 200,
};

describe("LocalStack still deviates from AWS", () => {
  whenAvailable("localstack", LOCALSTACK_URL, "EKM_LOCALSTACK_URL names no LocalStack", (url) => {
    it.each(DEVIATIONS.map(({ id, localstack }) => [id, localstack] as const))("%s: %s", async (id) => {
      expect(await PROBES[id](await place(url)), `${id} is mended: remove it from the list`).toBe(true);
    });
  });
});
