import { type KeyServiceHarness, keyServiceContract } from "@ekm/ekm/testing";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { afterAll, beforeAll, describe } from "vitest";
import { connect, VENDOR_ACCOUNT } from "./loopback.js";

const CUSTOMER_ACCOUNT = "111122223333";

let aws: Awaited<ReturnType<typeof startMockAws>>;
beforeAll(async () => {
  aws = await startMockAws();
});
afterAll(() => aws.close());

/** The grant template's two statements; without `boundTo` the wide policy of the console's wizard. */
function policyOf(grantee: string | null, boundTo?: string): string {
  const condition =
    boundTo === undefined ? {} : { Condition: { StringEquals: { "kms:EncryptionContext:ekm:account": boundTo } } };
  const owner = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${CUSTOMER_ACCOUNT}:root` }, Action: "kms:*", Resource: "*" };
  const use = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
  const granted = { Effect: "Allow", Principal: { AWS: grantee }, Resource: "*" };
  const grants =
    grantee === null
      ? []
      : [
          { ...granted, Action: "kms:DescribeKey" },
          { ...granted, Action: use, ...condition },
        ];
  return JSON.stringify({ Version: "2012-10-17", Statement: [owner, ...grants] });
}

describe.each([
  ["", false],
  [", under a session per account", true],
])("the adapter%s", (_how, accountSessions) => {
  keyServiceContract("AWS KMS, against the mock AWS over HTTP", () => createHarness(accountSessions));
});

async function createHarness(accountSessions: boolean): Promise<KeyServiceHarness> {
  await aws.simulator.reset();
  const vendor = await aws.simulator.accounts.create({ id: VENDOR_ACCOUNT, name: "vendor", principal: "role/ekm" });
  const runtime = { id: VENDOR_ACCOUNT, name: "vendor", principal: "role/ekm-runtime" };
  const { accessKeyId, secretAccessKey } = accountSessions ? await aws.simulator.accounts.create(runtime) : vendor;
  const customer = await aws.simulator.accounts.create({ id: CUSTOMER_ACCOUNT, name: "customer" });
  const kms = connect(aws.url, {
    credentials: { accessKeyId, secretAccessKey },
    vendorPrincipalArn: vendor.principalArn,
    accountSessions,
  });
  const asOwner = async (region: string, operation: string, input: Record<string, unknown>) => {
    const client = createAwsClient({ endpoint: aws.url, region, ...customer });
    const answer = await client.kms(operation, input);
    if (answer.status !== 200) throw new Error(`${operation}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const act = (keyArn: string, operation: string, input: Record<string, unknown> = {}) =>
    asOwner(keyArn.split(":")[3] ?? "", operation, { KeyId: keyArn, ...input }).then(() => {});
  const setPolicy = (keyArn: string, Policy: string) => act(keyArn, "PutKeyPolicy", { PolicyName: "default", Policy });

  return {
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    async createKey({ boundTo, region = "us-east-1", kind = "ENCRYPT" } = {}) {
      const spec = kind === "SIGN" ? { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" } : {};
      const body = await asOwner(region, "CreateKey", { Policy: policyOf(vendor.principalArn, boundTo), ...spec });
      return (body["KeyMetadata"] as { Arn: string }).Arn;
    },
    owner: {
      disable: (arn) => act(arn, "DisableKey"),
      enable: (arn) => act(arn, "EnableKey"),
      scheduleDeletion: (arn) => act(arn, "ScheduleKeyDeletion", { PendingWindowInDays: 7 }),
      cancelDeletion: (arn) => act(arn, "CancelKeyDeletion"),
      revoke: (arn) => setPolicy(arn, policyOf(null)),
      grant: (arn) => setPolicy(arn, policyOf(vendor.principalArn)),
      force: (arn, state) => aws.simulator.keys.setState(arn, { state }).then(() => {}),
    },
    async close() {
      kms.close();
    },
  };
}
