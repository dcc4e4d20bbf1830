import type { Condition } from "./conditions.js";

/** A parsed key policy. `text` is the document as it was put. */
export interface Policy {
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly principals: PrincipalElement;
  /** In lower case, with wildcards. */
  readonly actions: { readonly patterns: readonly string[]; readonly negated: boolean };
  readonly resources: { readonly patterns: readonly string[]; readonly negated: boolean };
  readonly conditions: readonly Condition[];
}

/** AWS principals as written: `*`, 12 digits or an ARN. Services and federated providers match no caller of ours. */
export interface PrincipalElement {
  readonly aws: readonly string[];
  readonly negated: boolean;
}

/** What is asked. Names in `context` are in lower case; a name that is absent has no value. */
export interface PolicyRequest {
  readonly accountId: string;
  /** A session's ARN for a role. */
  readonly callerArn: string;
  readonly principalArn: string;
  readonly action: string;
  readonly resource: string;
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** AWS's default key policy: the owner's root may do everything, that is, its own IAM policies decide. */
export function defaultPolicyText(accountId: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}
