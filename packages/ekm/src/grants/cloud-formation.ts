import type { GrantRequest } from "./grant-request.js";
import { keyPolicy } from "./key-policy.js";

/**
 * A CloudFormation template (JSON) that creates a key of the customer's with the grant in its policy. CloudFormation cannot change
 * the policy of a key that it did not create: for an existing key the statements or the CLI command are the way.
 */
export function cloudFormation(request: GrantRequest): string {
  const policy = keyPolicy(request, "OWNER_ROOT");
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `KMS key that protects the backups of ${request.accountId} (Enterprise Key Management)`,
    Resources: {
      EkmKey: {
        Type: "AWS::KMS::Key",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          Description: `Protects the backups of ${request.accountId}`,
          EnableKeyRotation: true,
          PendingWindowInDays: 30,
          KeyPolicy: policy,
        },
      },
      EkmKeyAlias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/ekm-backup", TargetKeyId: { Ref: "EkmKey" } } },
    },
    Outputs: { KeyArn: { Description: "Enter this ARN in the EKM settings", Value: { "Fn::GetAtt": ["EkmKey", "Arn"] } } },
  };
  return JSON.stringify(template, null, 2).replace(
    '"OWNER_ROOT"',
    '{ "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" }',
  );
}
