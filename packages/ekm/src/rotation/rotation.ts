import type { Problem } from "../errors/outcome.js";

export type RotationStatus = "RUNNING" | "PAUSED" | "COMPLETED" | "CANCELLED" | "FAILED";

/**
 * Replacing one customer key by another. RUNNING ⇄ PAUSED; RUNNING → COMPLETED | FAILED; either → CANCELLED, before the switch only.
 * A paused rotation that a key's refusal stopped (`pausedBy: "KEY"`) goes on by itself once both keys are usable; one that the
 * admin paused waits for the admin.
 */
export interface KeyRotation {
  readonly id: string;
  readonly accountId: string;
  readonly fromArn: string;
  readonly toArn: string;
  readonly toMultiRegion: boolean;
  /** Warnings of the new key's preflight, for its health. */
  readonly toWarnings: readonly string[];
  readonly status: RotationStatus;
  readonly pausedBy?: "ADMIN" | "KEY";
  /** Generations written under the new key so far, and how many there are. */
  readonly rewrapped: number;
  readonly total: number;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly pausedAt?: Date;
  /** The transaction that made the new key current. From then on it can only complete. */
  readonly switchedAt?: Date;
  readonly finishedAt?: Date;
  readonly problem?: Problem;
  /** The admin accepts that what the old key alone opens stays closed unless that key returns. */
  readonly acceptsLoss: boolean;
  readonly retirement?: RetirementCertificate;
}

/** Pausing and running rotations hold the account in ROTATING. */
export const isActive = (rotation: KeyRotation): boolean => rotation.status === "RUNNING" || rotation.status === "PAUSED";

/** Before the switch only: after it the new key serves data. */
export const isCancellable = (rotation: KeyRotation): boolean => isActive(rotation) && rotation.switchedAt === undefined;

/** A generation that could not be opened under the old key. */
export interface GenerationFailure {
  readonly rotationId: string;
  readonly generation: number;
  /** Succeeded backups that only this generation opens. */
  readonly backups: bigint;
  readonly problem: Problem;
}

/** A generation that enabling left behind, with the admin's word. */
export type LeftGeneration = Omit<GenerationFailure, "rotationId">;

/** Signed proof that nothing live depends on the old key. */
export interface RetirementCertificate {
  /** Compact JWS over {@link RetirementClaims}. */
  readonly jws: string;
  readonly keyId: string;
  readonly signedAt: Date;
  /** Switch + retention of our database backups and replicas + one lease. */
  readonly safeToRetireAfter: Date;
  readonly generationsCounted: number;
  readonly backupsCovered: bigint;
}
