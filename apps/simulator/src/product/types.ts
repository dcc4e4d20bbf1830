import type { z } from "zod";
import type { healthState, jobStatus, role, rotationStatus } from "../experiments/fields.js";

export type Role = z.infer<typeof role>;
export type JobStatus = z.infer<typeof jobStatus>;
export type KeyHealthState = z.infer<typeof healthState>;
export type RotationStatus = z.infer<typeof rotationStatus>;
export type JobKind = "backup" | "restore" | "verification";

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly possibleCauses: readonly string[];
  readonly retryable: boolean;
  /** The key that refused. */
  readonly keyArn?: string | null;
}
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** From the input to what is wrong: `["keyArn"]`. */
  readonly field?: readonly string[] | null;
  readonly retryable: boolean;
}
/** BigInts are decimal strings on the wire. */
export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  readonly progress: { readonly bytesDone: string; readonly bytesTotal: string | null };
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly problem: Problem | null;
}
export interface Backup extends Job {
  readonly restorable: boolean;
  readonly protectedBy: "CLOUD" | "ENTERPRISE";
  readonly keyArn: string | null;
  readonly bytes: string | null;
  readonly contentDigest: string | null;
  readonly lastSealedAt: string | null;
}
export interface Restore extends Job {
  readonly target: string;
  readonly contentDigest: string | null;
  readonly bytesReleased: string;
  readonly lastByteReleasedAt: string | null;
}
export type Verification = Job;
export interface Rotation {
  readonly id: string;
  readonly fromArn: string;
  readonly toArn: string;
  readonly status: RotationStatus;
  readonly rewrapped: number;
  readonly total: number;
  readonly cancellable: boolean;
  readonly problem: Problem | null;
  readonly failures: readonly { readonly generation: number }[];
  readonly retirement: {
    readonly jws: string;
    readonly safeToRetireAfter: string;
    readonly generationsCounted: number;
    readonly backupsCovered: string;
  } | null;
}
export interface KeyCheck {
  readonly check: string;
  readonly verdict: "PASS" | "WARN" | "FAIL" | "SKIPPED";
  readonly code: string | null;
  readonly message: string;
}
export interface KeyHealth {
  readonly state: KeyHealthState;
  readonly problem: Problem | null;
  readonly warnings: readonly Problem[];
  readonly deletionDate: string | null;
}
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly keyManagement: "CLOUD" | "ENTERPRISE";
  readonly keyLock: { readonly reason: string } | null;
  readonly ekm: {
    readonly status: string;
    readonly key: { readonly arn: string; readonly health: KeyHealth } | null;
    readonly impact: { readonly backups: string; readonly generations: number };
    readonly revocationWindowSeconds: number;
  } | null;
}

export const PROBLEM = "code message remedy possibleCauses retryable keyArn";
export const USER_ERRORS = "userErrors { code message remedy field retryable }";
export const JOB = `id status progress { bytesDone bytesTotal } startedAt finishedAt problem { ${PROBLEM} }`;
export const BACKUP = `${JOB} restorable protectedBy keyArn bytes contentDigest lastSealedAt`;
export const RESTORE = `${JOB} target contentDigest bytesReleased lastByteReleasedAt`;
export const HEALTH = `state problem { ${PROBLEM} } warnings { ${PROBLEM} } deletionDate`;
export const CHECKS = "checks { check verdict code message }";
export const ACCOUNT = `id name keyManagement keyLock { reason } ekm {
  status key { arn health { ${HEALTH} } } impact { backups generations } revocationWindowSeconds }`;
export const ROTATION = `id fromArn toArn status rewrapped total cancellable problem { ${PROBLEM} } failures { generation }
  retirement { jws safeToRetireAfter generationsCounted backupsCovered }`;
