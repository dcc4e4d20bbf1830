import type { CustomerStep } from "../diagnosis.js";

/** Where a customer finds a key, in words and as the CLI's options. */
export interface AwsKey {
  readonly arn: string;
  readonly keyId: string;
  readonly region: string;
  readonly awsAccountId: string;
}

/** The parts of an ARN that was checked before it was stored. */
export function awsKey(arn: string): AwsKey {
  const [, , , region = "", awsAccountId = "", resource = ""] = arn.split(":");
  return { arn, region, awsAccountId, keyId: resource.replace(/^key\//, "") };
}

const inConsole = ({ keyId, region, awsAccountId }: AwsKey): string =>
  `In AWS account ${awsAccountId}, open Key Management Service in Region ${region}, Customer managed keys, key ${keyId}`;

/** An action of the console's and the CLI's on the key. */
export const actOn = (key: AwsKey, action: string, command: string): CustomerStep => ({
  text: `${inConsole(key)}: ${action}`,
  awsCli: `aws kms ${command} --key-id ${key.arn} --region ${key.region}`,
});

export const enable = (key: AwsKey, why = ""): CustomerStep => actOn(key, `Key actions, Enable.${why}`, "enable-key");

export const describe = (key: AwsKey, what: string): CustomerStep => actOn(key, what, "describe-key");

/** Who did it, from the customer's own records. */
export const whoDid = ({ region, awsAccountId }: AwsKey, event: string): CustomerStep => ({
  text: `In AWS account ${awsAccountId}, look in CloudTrail, Event history, for ${event}: it names who did it, so that it does not happen again.`,
  awsCli: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=${event} --region ${region}`,
});

export const readPolicy = (key: AwsKey): CustomerStep => ({
  ...actOn(
    key,
    "Key policy. Compare it with the grant template in the account's EKM settings: both statements for our AWS account must be there, unchanged.",
    "get-key-policy",
  ),
  awsCli: `aws kms get-key-policy --key-id ${key.arn} --policy-name default --region ${key.region} --query Policy --output text`,
});

export const restorePolicy = (key: AwsKey): CustomerStep => ({
  ...actOn(
    key,
    "Key policy, Edit. If a statement is missing, add it from the grant template beside the others and save. AWS replaces the whole policy: keep the statements of your own administrators.",
    "put-key-policy",
  ),
  awsCli: `aws kms put-key-policy --key-id ${key.arn} --policy-name default --policy file://policy.json --region ${key.region}`,
});
