/** What the customer's key policy must allow, and to whom. */
export interface GrantRequest {
  /** The product's account id: bound by `kms:EncryptionContext:ekm:account`. */
  readonly accountId: string;
  readonly vendorAwsAccountId: string;
  readonly vendorPrincipalArn: string;
  /** Whether a call must come from a session that is tagged with this account (`aws:PrincipalTag/ekm:account`). */
  readonly requireSessionTag?: boolean;
  /** The key that exists already; absent: the templates create one, or hold placeholders. */
  readonly key?: { readonly arn: string; readonly awsAccountId: string; readonly region: string; readonly partition: string };
}

/** The placeholder for the customer's AWS account where no ARN tells it. */
export const OWNER_PLACEHOLDER = "YOUR-AWS-ACCOUNT-ID";

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: "*";
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}
