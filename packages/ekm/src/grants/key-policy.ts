import { type GrantRequest, OWNER_PLACEHOLDER, type PolicyDocument } from "./grant-request.js";
import { vendorStatements } from "./vendor-statements.js";

/**
 * A whole key policy: the owner's administration stays (without it nobody could ever change the policy again), ours is added.
 * PutKeyPolicy replaces the policy that the key has: statements of others must be merged in by hand.
 */
export function keyPolicy(request: GrantRequest, ownerRootArn = ownerRoot(request)): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "OwnerAdministersKey", Effect: "Allow", Principal: { AWS: ownerRootArn }, Action: "kms:*", Resource: "*" },
      ...vendorStatements(request),
    ],
  };
}

const ownerRoot = ({ key }: GrantRequest): string =>
  `arn:${key?.partition ?? "aws"}:iam::${key?.awsAccountId ?? OWNER_PLACEHOLDER}:root`;
