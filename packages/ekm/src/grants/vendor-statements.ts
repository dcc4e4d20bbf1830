import type { GrantRequest, PolicyStatement } from "./grant-request.js";

/**
 * Least privilege for the vendor, bound to one account of the product. The principal is the vendor's account root with an
 * `aws:PrincipalArn` condition: a role named as principal is stored as the role's unique id, and recreating the role would break
 * every customer's policy (AWS: "AWS JSON policy elements: Principal"). DescribeKey stands alone because it carries no
 * encryption context: a statement that requires one would always refuse it. It does carry the session's tag.
 */
export function vendorStatements(request: GrantRequest): readonly PolicyStatement[] {
  const partition = request.vendorPrincipalArn.split(":")[1] ?? "aws";
  const principal = { AWS: `arn:${partition}:iam::${request.vendorAwsAccountId}:root` };
  const onlyOurService = {
    "aws:PrincipalArn": request.vendorPrincipalArn,
    ...(request.requireSessionTag === true ? { "aws:PrincipalTag/ekm:account": request.accountId } : {}),
  };
  return [
    {
      Sid: "EkmDescribeKey",
      Effect: "Allow",
      Principal: principal,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: onlyOurService },
    },
    {
      Sid: "EkmUseKeyForThisAccountOnly",
      Effect: "Allow",
      Principal: principal,
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      Resource: "*",
      Condition: { StringEquals: { ...onlyOurService, "kms:EncryptionContext:ekm:account": request.accountId } },
    },
  ];
}
