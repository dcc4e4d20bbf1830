/** What AWS answers, by the number that docs/kms-fidelity.md gives it. `{arn}` is the key's, `{alias}` an alias's. */
export const ANSWERS = {
  ok: null,
  1: ["DisabledException", "{arn} is disabled."],
  3: ["KMSInvalidStateException", "{arn} is pending deletion."],
  4: ["KMSInvalidStateException", "{arn} is not pending deletion."],
  5: ["KMSInvalidStateException", "{arn} is pending import."],
  6: ["UnsupportedOperationException", "{arn} origin is EXTERNAL which is not valid for this operation."],
  11: ["KMSInvalidStateException", "{arn} is unavailable."],
  14: ["KMSInvalidStateException", "{arn} is creating."],
  15: ["KMSInvalidStateException", "{arn} is updating."],
  gone: ["NotFoundException", "Key '{arn}' does not exist"],
  "no alias": ["NotFoundException", "Alias {alias} is not found."],
  denied: [
    "AccessDeniedException",
    "User: {caller} is not authorized to perform: kms:{action} on this resource because the resource does not exist in this " +
      "Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
  ],
  "opt-in": ["OptInRequired", "The AWS Access Key Id needs a subscription for the service"],
  unrecognized: ["UnrecognizedClientException", "The security token included in the request is invalid."],
} as const satisfies Readonly<Record<string, null | readonly [string, string]>>;

export type AnswerName = keyof typeof ANSWERS;

export const STATES = [
  "Enabled",
  "Disabled",
  "PendingDeletion",
  "PendingReplicaDeletion",
  "PendingImport",
  "Unavailable",
  "Creating",
  "Updating",
  "Deleted",
] as const;

/** Who calls. */
export const CALLERS = {
  owner: "a principal of the key's account",
  "owner suspended itself": "the same, the account is suspended",
  "owner closed itself": "the same, the account is closed",
  foreign: "another account, let in by the key policy",
  "foreign, wrong context": "the same, with an encryption context that the policy does not let in",
  "foreign, without policy": "another account that the key policy does not name",
  "foreign, owner suspended (cross-account-denied)": "let in; the owner's account is suspended, default profile",
  "foreign, owner suspended (invalid-state)": "the same, profile `invalid-state`",
  "foreign, owner suspended (not-found)": "the same, profile `not-found`",
  "foreign, caller suspended": "let in; the caller's own account is suspended",
} as const;

export type CallerName = keyof typeof CALLERS;
