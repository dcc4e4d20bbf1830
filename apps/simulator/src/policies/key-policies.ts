/** A key policy as KMS stores it. */
export interface KeyPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}
export type Statement = Readonly<Record<string, unknown>>;

export interface Grantee {
  readonly vendorAccountId: string;
  readonly vendorPrincipalArn: string;
  /** The product's accounts whose context the key serves. */
  readonly accountIds: readonly string[];
}

/** The policies that an experiment can give a key, besides the owner's administration, which is always there. */
export const POLICY_NAMES = [
  "grant-template",
  "console-wizard",
  "too-wide",
  "wrong-context",
  "no-describe",
  "no-reencrypt",
  "decrypt-only",
  "deny-vendor",
  "none",
] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

const USE = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"];
const REENCRYPT = ["kms:ReEncryptFrom", "kms:ReEncryptTo"];

export function keyPolicy(name: PolicyName, ownerAccountId: string, grantee: Grantee): KeyPolicy {
  return policyOfStatements(STATEMENTS[name](grantee), ownerAccountId);
}

/** Never without the owner's administration: AWS refuses a policy that locks its writer out. */
export function policyOfStatements(statements: readonly Statement[], ownerAccountId: string): KeyPolicy {
  const owner = {
    Sid: "OwnerAdministration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ownerAccountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return { Version: "2012-10-17", Statement: [owner, ...statements] };
}

const vendorRoot = (grantee: Grantee) => ({ AWS: `arn:aws:iam::${grantee.vendorAccountId}:root` });
const vendorOnly = (grantee: Grantee) => ({ ArnEquals: { "aws:PrincipalArn": grantee.vendorPrincipalArn } });

const describe = (grantee: Grantee): Statement => ({
  Sid: "EkmDescribe",
  Effect: "Allow",
  Principal: vendorRoot(grantee),
  Action: "kms:DescribeKey",
  Resource: "*",
  Condition: vendorOnly(grantee),
});

/** Use of the key, bound to the context of these accounts. */
const use = (grantee: Grantee, actions: readonly string[]): Statement => ({
  Sid: "EkmUse",
  Effect: "Allow",
  Principal: vendorRoot(grantee),
  Action: actions,
  Resource: "*",
  Condition: { ...vendorOnly(grantee), StringEquals: { "kms:EncryptionContext:ekm:account": grantee.accountIds } },
});

const template = (grantee: Grantee): readonly Statement[] => [describe(grantee), use(grantee, [...USE, ...REENCRYPT])];

const STATEMENTS: Readonly<Record<PolicyName, (grantee: Grantee) => readonly Statement[]>> = {
  "grant-template": template,
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
  // A customer who copied the template of somebody else.
  "wrong-context": (grantee) => template({ ...grantee, accountIds: ["an-account-that-is-not-there"] }),
  "no-describe": (grantee) => [use(grantee, [...USE, ...REENCRYPT])],
  "no-reencrypt": (grantee) => [describe(grantee), use(grantee, USE)],
  "decrypt-only": (grantee) => [describe(grantee), use(grantee, ["kms:Decrypt"])],
  // The grant stays; a denial outweighs it.
  "deny-vendor": (grantee) => [
    ...template(grantee),
    { Sid: "DenyEkm", Effect: "Deny", Principal: vendorRoot(grantee), Action: "kms:*", Resource: "*" },
  ],
  none: () => [],
};
