import type { GrantRequest } from "./grant-request.js";
import { keyPolicy } from "./key-policy.js";

/** Terraform (AWS provider 4.46 or newer): the policy of an existing key, or a new key with it. A JSON object is a legal HCL expression. */
export function terraform(request: GrantRequest): string {
  const owner = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root";
  const policy = indent(JSON.stringify(keyPolicy(request, owner), null, 2));
  const data = `data "aws_caller_identity" "current" {}\ndata "aws_partition" "current" {}\n`;
  if (request.key !== undefined) {
    return `${data}
# Replaces the whole policy of the key: merge statements of others into it first.
resource "aws_kms_key_policy" "ekm" {
  key_id = "${request.key.arn}"
  policy = jsonencode(${policy})
}
`;
  }
  return `${data}
resource "aws_kms_key" "ekm" {
  description             = "Protects the backups of ${request.accountId}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy = jsonencode(${policy})

  lifecycle {
    prevent_destroy = true
  }
}

# Enter this ARN in the EKM settings.
output "ekm_key_arn" {
  value = aws_kms_key.ekm.arn
}
`;
}

const indent = (text: string): string => text.replaceAll("\n", "\n  ");
