import type { Problem } from "../errors/outcome.js";
import type { Backup, BackupSource, Job, JobProgress, ManifestRef, Restore, Verification } from "../jobs/job.js";
import type { Restorable } from "./restorable.js";

/** What the data plane does with the control plane's rows. Every write carries the job's fence. Made by `createWorkerUseCases(ports)`. */
export interface WorkerUseCases {
  /** Marks it RUNNING. Null: there is nothing to do any more (finished, cancelled, gone); the job has been completed. */
  beginBackup(job: Job): Promise<{ backup: Backup; source: BackupSource } | null>;
  beginRestore(job: Job): Promise<{ restore: Restore; backup: Restorable } | null>;
  beginVerification(job: Job): Promise<{ verification: Verification; backup: Restorable } | null>;
  /** Writes progress and renews the job's lease in one transaction. */
  heartbeat(
    job: Job,
    progress: JobProgress & { lastByteReleasedAt?: Date; lastSealedAt?: Date },
  ): Promise<"go-on" | "cancel" | "fence-lost">;
  /** The commit point of a backup: manifest row, audit entry and the job's completion in one transaction. False: fence lost, nothing written. */
  finishBackup(job: Job, end: BackupEnd): Promise<boolean>;
  finishRestore(job: Job, end: RestoreEnd): Promise<boolean>;
  finishVerification(job: Job, end: VerificationEnd): Promise<boolean>;
  /** After enabling: schedules the vendor key's deletion, removes vendor-wrapped key records, scrubs the database. True: done, job completed. False: released for later. */
  supersede(job: Job): Promise<boolean>;
  /**
   * Works on a rotation until it is through, must wait, or the process is to end. done: the job was completed, released for
   * later, or is another worker's by now. give-back: `shutdown` aborted and the job is still held.
   */
  rotate(job: Job, shutdown: AbortSignal): Promise<"done" | "give-back">;
  /** Probes idle accounts whose health is older than the interval, at most `limit`; returns how many were probed. */
  probeDueAccounts(limit: number): Promise<number>;
  /** Idempotency records older than 7 days, a bounded number at a time; returns how many. To be called every few minutes. */
  deleteOldIdempotencyRecords(): Promise<number>;
  /** Account events older than 7 days, likewise. */
  deleteOldEvents(): Promise<number>;
  /** Deliveries of webhooks that ended more than 30 days ago, likewise. */
  deleteOldDeliveries(): Promise<number>;
  /** The countdown of keys that are about to be deleted; returns how many steps were told. To be called every minute or so. */
  remindOfDeletions(): Promise<number>;
}

export type BackupEnd =
  | {
      readonly status: "SUCCEEDED";
      readonly generation: number;
      readonly manifest: ManifestRef;
      readonly bytes: bigint;
      readonly items: bigint;
      readonly contentDigest: string;
      readonly lastSealedAt: Date;
    }
  | { readonly status: "FAILED"; readonly problem: Problem }
  | { readonly status: "CANCELLED" };

/** Progress counts objects. */
export type VerificationEnd =
  | { readonly status: "SUCCEEDED"; readonly objectsVerified: bigint; readonly bytesVerified: bigint }
  | { readonly status: "FAILED"; readonly problem: Problem }
  | { readonly status: "CANCELLED" };

export type RestoreEnd =
  | {
      readonly status: "SUCCEEDED";
      readonly contentDigest: string;
      readonly bytesReleased: bigint;
      readonly lastByteReleasedAt: Date;
    }
  | { readonly status: "FAILED"; readonly problem: Problem; readonly bytesReleased: bigint; readonly lastByteReleasedAt?: Date }
  | { readonly status: "CANCELLED"; readonly bytesReleased: bigint; readonly lastByteReleasedAt?: Date };
