/** The kinds of customer key that an experiment can ask for. */
export const KEY_KINDS = [
  "symmetric",
  "multi-region",
  "replica",
  "imported",
  "pending-import",
  "cloudhsm",
  "external-key-store",
  "rsa",
  "rsa-signing",
  "signing",
  "hmac",
  "key-agreement",
] as const;
export type KeyKind = (typeof KEY_KINDS)[number];
