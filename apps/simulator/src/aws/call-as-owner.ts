import { type AwsAnswer, createAwsClient, createSimulatorClient } from "@ekm/mock-aws";
import { UsageError } from "../commands/exit-status.js";

/**
 * A real, signed call by the administrator of the account that owns the key: what AWS would allow the owner to do, and nothing
 * else. Throws UsageError where it is refused, or where the simulator at `endpoint` has no such account.
 */
export async function callAsOwner(
  endpoint: string,
  keyArn: string,
  operation: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<AwsAnswer> {
  const [, , , region, accountId] = keyArn.split(":");
  if (!region || !accountId) throw new UsageError(`"${keyArn}" is not the ARN of a key.`);
  const accounts = await createSimulatorClient(endpoint).accounts.list();
  const owner = accounts.find(({ id }) => id === accountId);
  if (!owner) throw new UsageError(`The simulator has no AWS account ${accountId}.`);
  const { accessKeyId, secretAccessKey } = owner;
  const answer = await createAwsClient({ endpoint, accessKeyId, secretAccessKey, region }).kms(operation, {
    KeyId: keyArn,
    ...more,
  });
  if (answer.status !== 200) throw new UsageError(`${answer.body["__type"]}: ${answer.body["message"] ?? "no message"}`);
  return answer;
}
