import type { ErrorCode } from "@ekm/ekm";

const CAUSES: Partial<Record<ErrorCode, readonly string[]>> = {
  // One text for a revoked policy, a deleted key, a key that never was and a suspended owner: a caller cannot tell them apart.
  KEY_ACCESS_DENIED: [
    "the key policy no longer grants access, never did, or requires a session tag that this service does not send",
    "the key was deleted or does not exist",
    "the AWS account that owns the key is suspended or closed",
  ],
  // InvalidCiphertextException has no message, also for a wrong encryption context.
  ACCOUNT_KEY_UNREADABLE: [
    "the stored wrapped key is damaged",
    "it was wrapped by another key",
    "it was wrapped under another encryption context",
    "the key's imported material was replaced",
  ],
};

/** Where AWS does not tell causes apart, all that are possible. */
export const possibleCausesOf = (code: ErrorCode): readonly string[] => CAUSES[code] ?? [];
