import { KMSClient } from "@aws-sdk/client-kms";
import { afterEach } from "vitest";
import { type AccountView, type MockAws, type MockAwsOptions, type SimulatorEvent, startMockAws } from "../src/index.js";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function onEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** A real LocalStack, for the tests that are about it. */
export const LOCALSTACK_URL = process.env["EKM_LOCALSTACK_URL"];

/** With EKM_UPSTREAM=localstack that LocalStack holds the keys in every test that does not say otherwise. */
export const UPSTREAM = process.env["EKM_UPSTREAM"] === "localstack" ? LOCALSTACK_URL : undefined;

export async function start(options: MockAwsOptions = {}): Promise<MockAws> {
  const aws = await startMockAws(UPSTREAM === undefined ? options : { upstream: UPSTREAM, ...options });
  onEnd(() => aws.close());
  return aws;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** AWS's own client; one attempt, so that every answer is seen as it came. */
export function sdk(
  aws: MockAws,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  region = "us-east-1",
  timeoutMs = 5000,
): KMSClient {
  const client = new KMSClient({
    endpoint: aws.url,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  onEnd(() => client.destroy());
  return client;
}

export interface Parties {
  readonly aws: MockAws;
  readonly owner: AccountView;
  readonly vendor: AccountView;
  readonly ownerKms: KMSClient;
  readonly vendorKms: KMSClient;
}

/** A customer that owns keys, and a vendor that calls as a role. */
export async function parties(options: MockAwsOptions = {}): Promise<Parties> {
  const aws = await start(options);
  const owner = await aws.simulator.accounts.create({ id: "111122223333", name: "customer" });
  const vendor = await aws.simulator.accounts.create({ id: "444455556666", name: "vendor", principal: "role/service" });
  return { aws, owner, vendor, ownerKms: sdk(aws, owner), vendorKms: sdk(aws, vendor) };
}

/** The owner administers; the vendor may describe, and use it with the context pair `tenant`. */
export function sharedPolicy(owner: AccountView, vendor: AccountView, tenant = "acme"): string {
  const vendorOnly = { StringEquals: { "aws:PrincipalArn": vendor.principalArn } };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${owner.id}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${vendor.id}:root` },
        Action: "kms:DescribeKey",
        Resource: "*",
        Condition: vendorOnly,
      },
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${vendor.id}:root` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        Resource: "*",
        Condition: { StringEquals: { ...vendorOnly.StringEquals, "kms:EncryptionContext:tenant": tenant } },
      },
    ],
  });
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** How a call of the SDK failed; an error where it did not. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error("the call was expected to fail");
}

export async function eventsSince(aws: MockAws, seq = 0): Promise<SimulatorEvent[]> {
  const events: SimulatorEvent[] = [];
  (await aws.simulator.subscribe((event) => events.push(event), { since: seq }))();
  return events;
}

/** What a party puts on a key of its own: anybody who is named may do what is listed. */
export const keyPolicy = (...statements: object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", Action: "kms:*", Resource: "*", ...statement })),
  });
