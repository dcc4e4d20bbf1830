import type { Condition } from "./conditions.js";

/** A parsed policy document. `text` is the document as it was put. */
export interface Policy {
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Null in an identity policy: it is about whom it is attached to. */
  readonly principals: PrincipalElement | null;
  /** In lower case, with wildcards. */
  readonly actions: { readonly patterns: readonly string[]; readonly negated: boolean };
  readonly resources: { readonly patterns: readonly string[]; readonly negated: boolean };
  readonly conditions: readonly Condition[];
  /** Whether `${...}` stands for a variable: only in documents of version 2012-10-17. */
  readonly variables: boolean;
}

/** AWS principals as written: `*`, 12 digits or an ARN. Services and federated providers match no caller of ours. */
export interface PrincipalElement {
  readonly aws: readonly string[];
  readonly negated: boolean;
}

export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** What is asked. Names in `context` are in lower case; a name that is absent has no value. */
export interface PolicyRequest {
  readonly accountId: string;
  /** A session's ARN for a role. */
  readonly callerArn: string;
  readonly principalArn: string;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
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
