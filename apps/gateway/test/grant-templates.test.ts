// Invariant: whatever form of the grant the customer uses, the key that comes out of it passes every check of the preflight. What AWS's
// own console wizard writes works too, with a warning that it does not name the account.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REGION, type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

let stack: Stack;
let account: string;
beforeAll(async () => {
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000" });
  account = await tenantsOf(stack).activated("Acme");
});
afterAll(async () => {
  await stack.close();
});

type Form = "statements" | "keyPolicy" | "cloudFormation" | "terraform" | "awsCli";
type Templates = Readonly<Record<Form, string>>;

async function templates(keyArn?: string): Promise<Templates> {
  const { data, errors } = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    "query ($keyArn: KeyArn) { account { ekm { grantTemplate(keyArn: $keyArn) { statements keyPolicy cloudFormation terraform awsCli } } } }",
    { keyArn },
  );
  expect(errors).toEqual([]);
  return data.account.ekm.grantTemplate;
}

async function checksOf(keyArn: string) {
  const { data } = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    "mutation ($keyArn: String!) { validateKmsKey(input: { keyArn: $keyArn }) { usable checks { check verdict code } userErrors { code } } }",
    { keyArn },
  );
  expect(data.validateKmsKey.userErrors).toEqual([]);
  expect(data.validateKmsKey.checks).toHaveLength(13);
  return data.validateKmsKey as { usable: boolean; checks: { check: string; verdict: string; code: string | null }[] };
}
const notPassed = async (keyArn: string) => (await checksOf(keyArn)).checks.filter(({ verdict }) => verdict !== "PASS");

async function putPolicy(keyArn: string, policy: string): Promise<void> {
  const { status, body } = await stack.owner.kms("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy: policy });
  expect([status, body]).toEqual([200, {}]);
}

/** What CloudFormation makes of a template: its intrinsic functions and pseudo parameters, in this account. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  const { "Fn::Sub": sub, ...rest } = value as Record<string, unknown>;
  if (typeof sub === "string") {
    return sub
      .replaceAll("${AWS::Partition}", "aws")
      .replaceAll("${AWS::AccountId}", stack.customerId)
      .replaceAll("${AWS::Region}", REGION);
  }
  return Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, resolved(inner)]));
}
const policyOfStack = (template: string) => JSON.stringify(resolved(JSON.parse(template).Resources.EkmKey.Properties.KeyPolicy));

/** The argument of the one `jsonencode( ... )`, with Terraform's data sources read. */
function policyOfTerraform(code: string): string {
  const begin = code.indexOf("jsonencode(") + "jsonencode(".length;
  let depth = 0;
  let end = begin;
  do {
    if (code[end] === "{") depth += 1;
    if (code[end] === "}") depth -= 1;
    end += 1;
  } while (depth > 0);
  expect(code[end]).toBe(")");
  const body = code
    .slice(begin, end)
    .replaceAll("${data.aws_partition.current.partition}", "aws")
    .replaceAll("${data.aws_caller_identity.current.account_id}", stack.customerId);
  expect(body).not.toContain("${");
  return JSON.stringify(JSON.parse(body));
}

/** The policy as a shell would hand it to the command. */
function policyOfCommand(script: string, command: string): string {
  const line = new RegExp(`aws kms ${command} [\\s\\S]*?--policy '([^']*)'`).exec(script);
  return line?.[1] ?? "";
}

describe("a key that exists", () => {
  const use: Readonly<Record<Form, (keyArn: string, given: Templates) => Promise<void>>> = {
    keyPolicy: (keyArn, { keyPolicy }) => putPolicy(keyArn, keyPolicy),
    terraform: (keyArn, { terraform }) => {
      expect(terraform).toContain(keyArn);
      return putPolicy(keyArn, policyOfTerraform(terraform));
    },
    awsCli: (keyArn, { awsCli }) => {
      expect(awsCli).toContain(`--key-id ${keyArn}`);
      return putPolicy(keyArn, policyOfCommand(awsCli, "put-key-policy"));
    },
    cloudFormation: (keyArn, { cloudFormation }) => putPolicy(keyArn, policyOfStack(cloudFormation)),
    async statements(keyArn, { statements }) {
      const { body } = await stack.owner.kms("GetKeyPolicy", { KeyId: keyArn, PolicyName: "default" });
      const policy = JSON.parse(String(body["Policy"]));
      await putPolicy(keyArn, JSON.stringify({ ...policy, Statement: [...policy.Statement, ...JSON.parse(statements)] }));
    },
  };

  it.each(Object.keys(use) as Form[])("passes every check with %s", async (form) => {
    const key = await stack.createKey();
    expect((await checksOf(key)).usable).toBe(false);
    await use[form](key, await templates(key));
    expect(await notPassed(key)).toEqual([]);
  });

  it("keeps what its own policy said when the statements are merged in", async () => {
    const key = await stack.createKey();
    await use.statements(key, await templates(key));
    expect((await stack.owner.kms("DisableKey", { KeyId: key })).status).toBe(200);
    expect((await stack.owner.kms("EnableKey", { KeyId: key })).status).toBe(200);
  });

  it("of another account is not granted by this account's statements", async () => {
    const other = await tenantsOf(stack).activated("Other");
    const key = await stack.createKey();
    await putPolicy(key, (await templates(key)).keyPolicy);
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      other,
      "mutation ($keyArn: String!) { validateKmsKey(input: { keyArn: $keyArn }) { usable checks { check verdict code } } }",
      { keyArn: key },
    );
    expect(data.validateKmsKey.checks).toContainEqual({ check: "GENERATE_DATA_KEY", verdict: "FAIL", code: "KEY_ACCESS_DENIED" });
  });
});

describe("a key that the template makes", () => {
  const create: Readonly<Partial<Record<Form, (given: Templates) => string>>> = {
    cloudFormation: ({ cloudFormation }) => policyOfStack(cloudFormation),
    terraform: ({ terraform }) => policyOfTerraform(terraform),
    awsCli: ({ awsCli }) => policyOfCommand(awsCli, "create-key").replaceAll("YOUR-AWS-ACCOUNT-ID", stack.customerId),
    keyPolicy: ({ keyPolicy }) => keyPolicy.replaceAll("YOUR-AWS-ACCOUNT-ID", stack.customerId),
  };

  it.each(Object.entries(create))("passes every check with %s", async (_form, policyOf) => {
    const key = await stack.createKey(policyOf(await templates()));
    expect(await notPassed(key)).toEqual([]);
  });
});

describe("the policy of AWS's console wizard", () => {
  /** As the console writes it when an external account is added under "Other AWS accounts". */
  const wizardPolicy = (owner: string, vendor: string) => ({
    Id: "key-consolepolicy-3",
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${owner}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "Allow use of the key",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${vendor}:root` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
      },
      {
        Sid: "Allow attachment of persistent resources",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${vendor}:root` },
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Resource: "*",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
  });

  it("works, and is warned of as too wide", async () => {
    const vendor = stack.variables.EKM_VENDOR_AWS_ACCOUNT_ID;
    const key = await stack.createKey(JSON.stringify(wizardPolicy(stack.customerId, vendor)));
    const { usable, checks } = await checksOf(key);
    expect(usable).toBe(true);
    expect(checks.filter(({ verdict }) => verdict !== "PASS")).toEqual([
      { check: "FOREIGN_CONTEXT_REFUSED", verdict: "WARN", code: "KEY_POLICY_TOO_WIDE" },
      { check: "EMPTY_CONTEXT_REFUSED", verdict: "WARN", code: "KEY_POLICY_TOO_WIDE" },
    ]);
  });
});
