import type {
  CancelJobInput,
  RegisterBackupSourceInput,
  StartBackupInput,
  StartRestoreInput,
  StartVerificationInput,
} from "../../generated/operations.js";
import type { KnownAccountEventKind } from "../../generated/vocabulary.js";
import { addBackup, addRestore, addSource, addVerification, progressOf } from "../fixtures.js";
import { type AccountRecord, type BackupRecord, type JobRecord, note, type World } from "../world.js";
import { type DefineMutation, done, refused } from "./mutation.js";

const EVENT_OF: Record<JobRecord["__typename"], KnownAccountEventKind> = {
  Backup: "BACKUP_CHANGED",
  Restore: "RESTORE_CHANGED",
  Verification: "VERIFICATION_CHANGED",
};

const DIGEST = "5f2c9a1e".repeat(8);
const PARTS = [0, 0.5, 1];

export function jobMutations(world: World, define: DefineMutation) {
  function findBackup(id: string): { account: AccountRecord; backup: BackupRecord } | null {
    for (const account of world.accounts) {
      const backup = account.backups.find((each) => each.id === id);
      if (backup !== undefined) return { account, backup };
    }
    return null;
  }

  /** Queued, running in two steps, and the end that the account's key allows. */
  function work(account: AccountRecord, job: JobRecord): void {
    const parts = [...PARTS];
    world.works.add(() => {
      if (job.status === "CANCELLED") return true;
      const [health] = account.health;
      const part = parts.shift();
      if (health?.state === "UNUSABLE" || health?.state === "LOCKED") {
        Object.assign(job, {
          status: "FAILED",
          startedAt: job.startedAt ?? world.time(),
          finishedAt: world.time(),
          problem: health.problem,
        });
      } else if (part !== undefined && part < 1) {
        Object.assign(job, { status: "RUNNING", startedAt: job.startedAt ?? world.time(), progress: progressOf(part) });
      } else {
        succeed(job);
      }
      world.emit(account, EVENT_OF[job.__typename], job);
      return job.status !== "RUNNING";
    });
    world.emit(account, EVENT_OF[job.__typename], job);
  }

  function succeed(job: JobRecord): void {
    const progress = progressOf(1);
    Object.assign(job, { status: "SUCCEEDED", finishedAt: world.time(), progress });
    if (job.__typename === "Backup") {
      const { itemsTotal: items, bytesTotal: bytes } = progress;
      Object.assign(job, { items, bytes, contentDigest: DIGEST, restorable: true, lastSealedAt: world.time() });
    }
    if (job.__typename === "Restore") {
      Object.assign(job, { bytesReleased: progress.bytesDone, contentDigest: DIGEST, lastByteReleasedAt: world.time() });
    }
  }

  /** Of a backup that has succeeded, in an account that is not locked. */
  const onBackup = (backupId: string, run: (account: AccountRecord, backup: BackupRecord) => ReturnType<typeof done>) => {
    const found = findBackup(backupId);
    if (found === null) return refused("BACKUP_NOT_FOUND", ["input", "backupId"]);
    if (found.backup.status !== "SUCCEEDED") return refused("BACKUP_NOT_RESTORABLE", ["input", "backupId"]);
    if (found.account.keyLock !== null) return refused("KEYS_LOCKED");
    return run(found.account, found.backup);
  };

  return {
    registerBackupSource: define("registerBackupSource", ({ accountId, name, kind, location }: RegisterBackupSourceInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      if (!location.startsWith("/")) return refused("INPUT_INVALID", ["input", "location"]);
      const source = Object.assign(addSource(world, account, name), { kind, location });
      note(world, account, "SOURCE_REGISTERED", `The source "${name}" was registered.`, { subject: source.id });
      return done({ source });
    }),

    startBackup: define("startBackup", ({ accountId, sourceId }: StartBackupInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      const source = account.sources.find(({ id }) => id === sourceId);
      if (source === undefined) return refused("SOURCE_NOT_FOUND", ["input", "sourceId"]);
      if (account.keyLock !== null) return refused("KEYS_LOCKED");
      const backup = addBackup(world, account, source, { status: "QUEUED" });
      note(world, account, "BACKUP", `A backup of "${source.name}" was requested.`, { subject: backup.id });
      work(account, backup);
      return done({ backup });
    }),

    startRestore: define("startRestore", ({ backupId, target }: StartRestoreInput) =>
      onBackup(backupId, (account, backup) => {
        if (target != null && !target.startsWith("/")) return refused("RESTORE_TARGET_INVALID", ["input", "target"]);
        const restore = addRestore(world, account, backup, { status: "QUEUED" });
        if (target != null) restore.target = target;
        note(world, account, "RESTORE", `A restore of ${backup.id} was requested.`, { subject: restore.id });
        work(account, restore);
        return done({ restore });
      }),
    ),

    startVerification: define("startVerification", ({ backupId }: StartVerificationInput) =>
      onBackup(backupId, (account, backup) => {
        const verification = addVerification(world, account, backup, { status: "QUEUED" });
        note(world, account, "VERIFICATION", `A verification of ${backup.id} was requested.`, { subject: verification.id });
        work(account, verification);
        return done({ verification });
      }),
    ),

    cancelJob: define("cancelJob", ({ jobId }: CancelJobInput) => {
      for (const account of world.accounts) {
        const jobs: readonly JobRecord[] = [...account.backups, ...account.restores, ...account.verifications];
        const job = jobs.find(({ id }) => id === jobId);
        if (job === undefined) continue;
        if (job.status === "SUCCEEDED" || job.status === "FAILED") return refused("JOB_CONFLICT", ["input", "jobId"]);
        Object.assign(job, { status: "CANCELLED", finishedAt: job.finishedAt ?? world.time() });
        world.emit(account, EVENT_OF[job.__typename], job);
        return done({ job });
      }
      return refused("JOB_NOT_FOUND", ["input", "jobId"]);
    }),
  };
}
