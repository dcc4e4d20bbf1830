import type { KeyManagement } from "../accounts/account.js";
import type { Problem } from "../errors/outcome.js";

export type JobStatus = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface JobProgress {
  readonly bytesDone: bigint;
  readonly bytesTotal?: bigint;
  readonly itemsDone: bigint;
  readonly itemsTotal?: bigint;
}

export type BackupSourceKind = "DIRECTORY" | "SALESFORCE_EXPORT";

export interface BackupSource {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly kind: BackupSourceKind;
  /** An absolute, real path under one of the allowed roots. */
  readonly location: string;
  readonly createdAt: Date;
}

interface JobRecord {
  readonly id: string;
  readonly accountId: string;
  readonly status: JobStatus;
  readonly progress: JobProgress;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly maxBytesPerSecond?: bigint;
  /** Set by a cancel request; the worker stops at its next frame. */
  readonly cancelRequestedAt?: Date;
  readonly requestedBy: string;
  readonly problem?: Problem;
}

export interface Backup extends JobRecord {
  readonly sourceId: string;
  readonly createdUnder: KeyManagement;
  /** The account-key generation whose key wraps this backup's data keys. Set when it starts. */
  readonly generation?: number;
  /** The manifest row: written under the job's fence when the backup commits, absent before. Only it makes objects reachable. */
  readonly manifest?: ManifestRef;
  readonly bytes?: bigint;
  readonly items?: bigint;
  /** SHA-256 over the canonical listing of the content (vault/manifest), hex: equal trees, equal digests. */
  readonly contentDigest?: string;
  /** When the last frame was sealed. */
  readonly lastSealedAt?: Date;
}

export interface ManifestRef {
  /** Object name in the store. */
  readonly objectName: string;
  /** SHA-256 of the sealed manifest object, hex: a replaced or rolled-back manifest is seen. */
  readonly digest: string;
  readonly version: number;
}

export interface Restore extends JobRecord {
  readonly backupId: string;
  /** Absolute path of the directory that appears when the restore succeeds. */
  readonly target: string;
  readonly overwrite: boolean;
  readonly contentDigest?: string;
  readonly bytesReleased: bigint;
  readonly lastByteReleasedAt?: Date;
}

export interface Verification extends JobRecord {
  readonly backupId: string;
  readonly samplePercent: number;
}

export type JobKind = "BACKUP" | "RESTORE" | "VERIFICATION" | "ROTATION" | "SUPERSEDE";

/** One unit of work in the queue. `subjectId` names the backup, restore, verification, rotation or account that it works on. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly accountId: string;
  readonly subjectId: string;
  /** Grows with every claim. Every write of a job carries it; a stale owner's write has no effect. */
  readonly fence: number;
  readonly attempts: number;
}
