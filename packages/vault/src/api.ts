import type { MessageCiphers } from "@ekm/crypto-core";
import type { JobControl, JobStop } from "./ports/job-control.js";
import type { KeyAccess } from "./ports/key-access.js";
import type { ObjectStore } from "./ports/object-store.js";

/** A fault of data, store, source or target; `message` is for people and never holds content. */
export interface VaultFault {
  readonly code:
    | "BACKUP_CORRUPT"
    | "BACKUP_NOT_RESTORABLE"
    | "SOURCE_UNAVAILABLE"
    | "RESTORE_TARGET_INVALID"
    | "STORAGE_UNAVAILABLE"
    | "STORAGE_FULL";
  readonly message: string;
}

export type VaultOutcome<T, F> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "fault"; readonly fault: VaultFault }
  /** The key may not be used: the failure that the key access or its gate gave. */
  | { readonly kind: "key"; readonly failure: F }
  | { readonly kind: "stopped"; readonly stop: JobStop };

export interface VaultPorts<F> {
  readonly objects: ObjectStore;
  readonly keys: KeyAccess<F>;
  /** Where ciphers and digests run: a pool of threads in a worker process; absent: on the calling thread. */
  readonly ciphers?: MessageCiphers;
  /** Wall and monotonic time, for throttling and for when the last byte was released. */
  readonly clock: { now(): Date; monotonicMs(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
}

export interface BackupRequest {
  readonly accountId: string;
  readonly backupId: string;
  /** Names this try's objects, so that a stale owner's objects are never reachable: `<fence>` of the job. */
  readonly attempt: string;
  /** Real path of the source directory. */
  readonly location: string;
  readonly kind: "DIRECTORY" | "SALESFORCE_EXPORT";
}

export interface SealedBackup {
  readonly generation: number;
  readonly manifest: { readonly objectName: string; readonly digest: string; readonly version: number };
  readonly bytes: bigint;
  readonly items: bigint;
  readonly contentDigest: string;
  readonly lastSealedAt: Date;
}

export interface RestoreRequest {
  readonly accountId: string;
  readonly backupId: string;
  readonly restoreId: string;
  readonly generation: number;
  readonly manifest: { readonly objectName: string; readonly digest: string; readonly version: number };
  /** Absolute; staged beside it and renamed whole. */
  readonly target: string;
  readonly overwrite: boolean;
}

export interface RestoredBackup {
  readonly contentDigest: string;
  readonly bytesReleased: bigint;
  readonly lastByteReleasedAt: Date;
}

/** A restore that stops half way has still written into its staging directory: how much, and when last. */
export interface RestoreTrace {
  readonly bytesReleased: bigint;
  readonly lastByteReleasedAt?: Date;
}

export type RunBackup = <F>(
  ports: VaultPorts<F>,
  request: BackupRequest,
  control: JobControl,
) => Promise<VaultOutcome<SealedBackup, F>>;
export type RunRestore = <F>(
  ports: VaultPorts<F>,
  request: RestoreRequest,
  control: JobControl,
) => Promise<VaultOutcome<RestoredBackup, F> & { readonly trace: RestoreTrace }>;
