/**
 * An account's EKM life: NOT_ACTIVATED ⇄ ACTIVATED → ENABLED ⇄ ROTATING. A discriminated union, so that a key without an
 * acceptance of terms, or a rotation without a key, cannot be written down.
 */
export type AccountEkm =
  | { readonly status: "NOT_ACTIVATED" /** Set when an activation lapsed unused. */; readonly lapsedAt?: Date }
  | { readonly status: "ACTIVATED"; readonly activation: Activation }
  | {
      readonly status: "ENABLED";
      readonly activation: Activation;
      readonly acceptance: TermsAcceptance;
      readonly key: CustomerKey;
    }
  | {
      readonly status: "ROTATING";
      readonly activation: Activation;
      readonly acceptance: TermsAcceptance;
      /** The current key: the old one until the switch. */
      readonly key: CustomerKey;
      readonly rotationId: string;
    };

export interface Activation {
  readonly activatedAt: Date;
  readonly activatedBy: string;
  readonly ticket?: string;
  /** An activation that is not used by then lapses. Absent: it does not lapse. */
  readonly expiresAt?: Date;
}

export interface TermsAcceptance {
  readonly version: string;
  /** SHA-256 of the accepted text, hex. */
  readonly sha256: string;
  readonly acceptedBy: string;
  readonly acceptedAt: Date;
}

/** The customer's KMS key that protects the account now. */
export interface CustomerKey {
  readonly arn: string;
  readonly multiRegion: boolean;
  readonly enabledAt: Date;
  /** Warnings of the last preflight or probe (for example KEY_POLICY_TOO_WIDE). */
  readonly warnings: readonly string[];
}

export interface KeyLock {
  readonly lockedAt: Date;
  readonly lockedBy: string;
  readonly reason: string;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly ekm: AccountEkm;
  /** The vendor's own KMS key of this account. Absent until it has been made. Kept after enabling, for its deletion's record. */
  readonly vendorKey?: VendorKey;
  readonly keyLock?: KeyLock;
  /** Grows with every lock, unlock, enabling and switch: what a process knows of the account's keys is void when it differs. */
  readonly keyEpoch: number;
  /** Optimistic version: `save` refuses a stale one. */
  readonly version: number;
}

export interface VendorKey {
  readonly arn: string;
  readonly createdAt: Date;
  /** Set once AWS has accepted ScheduleKeyDeletion. */
  readonly deletionDate?: Date;
}

export type KeyManagement = "CLOUD" | "ENTERPRISE";

/** Who controls the key that protects the account's data: EKM supersedes Cloud Key Management from enabling on. */
export const keyManagementOf = (account: Account): KeyManagement =>
  account.ekm.status === "ENABLED" || account.ekm.status === "ROTATING" ? "ENTERPRISE" : "CLOUD";
