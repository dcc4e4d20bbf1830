import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const KEY_ARN = /^arn:aws[a-z-]{0,20}:kms:[a-z0-9-]{1,32}:\d{12}:key\/[A-Za-z0-9-]{1,128}$/;

function parse(value: unknown): string {
  if (typeof value === "string" && KEY_ARN.test(value)) return value;
  throw new GraphQLError("KeyArn must have the form arn:PARTITION:kms:REGION:ACCOUNT:key/ID.");
}

/** Mutations take ARNs as plain strings, so that a wrong one becomes a userError with a code of its own. */
export const KeyArn = new GraphQLScalarType<string, string>({
  name: "KeyArn",
  description: "An AWS KMS key ARN: arn:PARTITION:kms:REGION:ACCOUNT:key/ID",
  serialize: (value) => String(value),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

/** The parts of an ARN that the scalar accepted, or that the product stored. */
export function partsOf(arn: string): { arn: string; partition: string; region: string; awsAccountId: string } {
  const [, partition = "", , region = "", awsAccountId = ""] = arn.split(":");
  return { arn, partition, region, awsAccountId };
}
