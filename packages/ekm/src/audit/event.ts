export const AUDIT_ACTIONS = [
  "ACCOUNT_CREATED",
  "SOURCE_REGISTERED",
  "EKM_ACTIVATED",
  "EKM_ACTIVATION_WITHDRAWN",
  "EKM_ACTIVATION_LAPSED",
  "KEY_VALIDATED",
  "EKM_ENABLED",
  "TERMS_ACCEPTED",
  "ROTATION_STARTED",
  "GENERATION_REWRAPPED",
  "ROTATION_SWITCHED",
  "ROTATION_PAUSED",
  "ROTATION_RESUMED",
  "ROTATION_COMPLETED",
  "ROTATION_CANCELLED",
  "ROTATION_FAILED",
  "KEY_HEALTH_CHANGED",
  "KEYS_LOCKED",
  "KEYS_UNLOCKED",
  "BACKUP",
  "RESTORE",
  "VERIFICATION",
  "ACCOUNT_READ_BY_SUPPORT",
  "WEBHOOK_CHANGED",
  "EXIT_KIT_EXPORTED",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
export type AuditOutcome = "DONE" | "REFUSED" | "FAILED";

/** What a use case says; sequence and hashes are added when it is appended. */
export interface AuditEntry {
  readonly actor: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** The id or ARN that it is about. */
  readonly subject?: string;
  /** A sentence for people, without secrets. */
  readonly detail: string;
  readonly awsRequestIds: readonly string[];
}

/** One link of an account's hash chain. */
export interface AuditEvent extends AuditEntry {
  readonly id: string;
  readonly accountId: string;
  /** 1, 2, 3, ... without a gap. */
  readonly sequence: number;
  readonly at: Date;
  /** SHA-256 over this entry and the previous hash, hex. */
  readonly hash: string;
  /** 64 zeros for the first. */
  readonly previousHash: string;
}
