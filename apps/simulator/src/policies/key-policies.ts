/** A key policy as KMS stores it. */
export interface KeyPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Grantee {
  readonly vendorAccountId: string;
  readonly vendorPrincipalArn: string;
  /** The product's accounts whose context the key serves. */
  readonly accountIds: readonly string[];
}

/** The policies that an experiment can give a key, besides the owner's administration, which is always there. */
export const POLICY_NAMES = ["grant-template", "console-wizard", "too-wide", "none"] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

const CRYPTOGRAPHIC = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

export function keyPolicy(name: PolicyName, ownerAccountId: string, grantee: Grantee): KeyPolicy {
  const owner: Statement = {
    Sid: "OwnerAdministration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ownerAccountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return { Version: "2012-10-17", Statement: [owner, ...STATEMENTS[name](grantee)] };
}

const vendorRoot = (grantee: Grantee) => ({ AWS: `arn:aws:iam::${grantee.vendorAccountId}:root` });

const STATEMENTS: Readonly<Record<PolicyName, (grantee: Grantee) => readonly Statement[]>> = {
  "grant-template": (grantee) => {
    const caller = { ArnEquals: { "aws:PrincipalArn": grantee.vendorPrincipalArn } };
    const base = { Effect: "Allow", Principal: vendorRoot(grantee), Resource: "*" } as const;
    return [
      { ...base, Sid: "EkmDescribe", Action: "kms:DescribeKey", Condition: caller },
      {
        ...base,
        Sid: "EkmUse",
        Action: CRYPTOGRAPHIC,
        Condition: { ...caller, StringEquals: { "kms:EncryptionContext:ekm:account": grantee.accountIds } },
      },
    ];
  },
  // What AWS's console adds for "other AWS accounts": no condition on the caller or the encryption context.
  "console-wizard": (grantee) => [
    {
      Sid: "Allow use of the key",
      Effect: "Allow",
      Principal: vendorRoot(grantee),
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
    },
    {
      Sid: "Allow attachment of persistent resources",
      Effect: "Allow",
      Principal: vendorRoot(grantee),
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ],
  "too-wide": () => [{ Sid: "Everybody", Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }],
  none: () => [],
};
