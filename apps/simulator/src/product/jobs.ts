import type { Answer, Session } from "./graphql.js";
import {
  BACKUP,
  type Backup,
  JOB,
  type Job,
  type JobKind,
  RESTORE,
  type Restore,
  USER_ERRORS,
  type UserError,
  type Verification,
} from "./types.js";

export interface BackupSource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

export function registerBackupSource(
  session: Session,
  input: { accountId: string; name: string; kind: "DIRECTORY" | "SALESFORCE_EXPORT"; location: string; idempotencyKey?: string },
): Promise<Answer<{ registerBackupSource: { source: BackupSource | null; userErrors: readonly UserError[] } }>> {
  return session.request(
    "RegisterBackupSource",
    `mutation RegisterBackupSource($input: RegisterBackupSourceInput!) {
      registerBackupSource(input: $input) { source { id name location } ${USER_ERRORS} } }`,
    { input },
  );
}

/** `maxBytesPerSecond` is a BigInt: a decimal string. */
export function startBackup(
  session: Session,
  input: { accountId: string; sourceId: string; maxBytesPerSecond?: string; idempotencyKey?: string },
): Promise<Answer<{ startBackup: { backup: Backup | null; userErrors: readonly UserError[] } }>> {
  return session.request(
    "StartBackup",
    `mutation StartBackup($input: StartBackupInput!) { startBackup(input: $input) { backup { ${BACKUP} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function startRestore(
  session: Session,
  input: { backupId: string; target?: string; overwrite?: boolean; maxBytesPerSecond?: string; idempotencyKey?: string },
): Promise<Answer<{ startRestore: { restore: Restore | null; userErrors: readonly UserError[] } }>> {
  return session.request(
    "StartRestore",
    `mutation StartRestore($input: StartRestoreInput!) { startRestore(input: $input) { restore { ${RESTORE} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function startVerification(
  session: Session,
  input: { backupId: string; samplePercent?: number; idempotencyKey?: string },
): Promise<Answer<{ startVerification: { verification: Verification | null; userErrors: readonly UserError[] } }>> {
  return session.request(
    "StartVerification",
    `mutation StartVerification($input: StartVerificationInput!) {
      startVerification(input: $input) { verification { ${JOB} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function cancelJob(
  session: Session,
  input: { jobId: string; idempotencyKey?: string },
): Promise<Answer<{ cancelJob: { job: { id: string } | null; userErrors: readonly UserError[] } }>> {
  return session.request(
    "CancelJob",
    `mutation CancelJob($input: CancelJobInput!) { cancelJob(input: $input) { job { id } ${USER_ERRORS} } }`,
    { input },
  );
}

const SELECTION = {
  backup: `... on Backup { ${BACKUP} }`,
  restore: `... on Restore { ${RESTORE} }`,
  verification: `... on Verification { ${JOB} }`,
} as const;

/** Null: no such job, or another tenant's. */
export function readJob(session: Session, kind: JobKind, id: string): Promise<Answer<{ node: Job | null }>> {
  return session.request("ReadJob", `query ReadJob($id: ID!) { node(id: $id) { ${SELECTION[kind]} } }`, { id });
}

/** Null: no such backup, or another tenant's. */
export function readBackup(session: Session, id: string): Promise<Answer<{ node: Backup | null }>> {
  return session.request("ReadBackup", `query ReadBackup($id: ID!) { node(id: $id) { ${SELECTION.backup} } }`, { id });
}
