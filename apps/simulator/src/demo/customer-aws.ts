import { type AwsClient, createAwsClient } from "@ekm/mock-aws";
import { keyPolicy, type PolicyName } from "../policies/key-policies.js";
import { REGIONS, type Stack } from "../stack/stack.js";

/** A customer's own AWS account, as its administrator sees it. */
export interface CustomerAws {
  readonly accountId: string;
  /** A key with the grant that the vendor asks for; answers its ARN. */
  createKey(description: string): Promise<string>;
  putPolicy(keyArn: string, policy: PolicyName): Promise<void>;
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export async function customerAws(stack: Stack, name: string, productAccountId: string): Promise<CustomerAws> {
  const { accounts } = stack.aws.simulator;
  const owner = (await accounts.list()).find((account) => account.name === name) ?? (await accounts.create({ name }));
  const { accessKeyId, secretAccessKey } = owner;
  const client: AwsClient = createAwsClient({ endpoint: stack.aws.url, accessKeyId, secretAccessKey, region: REGIONS[0] });
  const policyOf = (policy: PolicyName): string =>
    JSON.stringify(
      keyPolicy(policy, owner.id, {
        vendorAccountId: stack.vendor.accountId,
        vendorPrincipalArn: stack.vendor.principalArn,
        accountIds: [productAccountId],
      }),
    );
  const call = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const answer = await client.kms(operation, input);
    if (answer.status !== 200) throw new Error(`${operation}: ${answer.body["__type"]} ${answer.body["message"] ?? ""}`);
    return answer.body;
  };
  return {
    accountId: owner.id,
    call,
    async createKey(description) {
      const { KeyMetadata } = await call("CreateKey", { Description: description, Policy: policyOf("grant-template") });
      return (KeyMetadata as { Arn: string }).Arn;
    },
    async putPolicy(keyArn, policy) {
      await call("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy: policyOf(policy) });
    },
  };
}
