import type { GrantRequest } from "./grant-request.js";
import { keyPolicy } from "./key-policy.js";

/** Commands for a POSIX shell. The policy holds no quote that could end the quoting: ids and ARNs are checked before. */
export function awsCli(request: GrantRequest): string {
  const policy = JSON.stringify(keyPolicy(request), null, 2);
  if (request.key === undefined) {
    return `# Creates a key. Fill in your AWS account id; enter the KeyMetadata.Arn that it prints in the EKM settings.
aws kms create-key --description 'Protects the backups of ${request.accountId}' --policy '${policy}'
`;
  }
  return `# Look first: the second command replaces the whole policy. Merge statements of others into it.
aws kms get-key-policy --region ${request.key.region} --key-id ${request.key.arn} --policy-name default --output text
aws kms put-key-policy --region ${request.key.region} --key-id ${request.key.arn} --policy-name default --policy '${policy}'
`;
}
