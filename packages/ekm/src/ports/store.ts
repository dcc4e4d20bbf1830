import type { Account, KeyManagement } from "../accounts/account.js";
import type { AuditAction, AuditEntry, AuditEvent } from "../audit/event.js";
import type { ErrorCode } from "../errors/codes.js";
import type { KeyHealth, KeyHealthState } from "../health/health.js";
import type { Backup, BackupSource, Job, JobKind, JobStatus, Restore, Verification } from "../jobs/job.js";
import type { CanaryWrap, KeyGeneration, KeyWrap } from "../keys/generation.js";
import type { CheckpointRepository } from "./checkpoint-store.js";
import type { EventRepository } from "./event-store.js";
import type { IdempotencyRepository } from "./idempotency-store.js";
import type { IntentRepository } from "./intent-store.js";
import type { RotationRepository } from "./rotation-store.js";
import type { DeletionReminderRepository, WebhookDeliveryRepository, WebhookRepository } from "./webhook-store.js";

/**
 * The product's database. `read` sees committed data only. `transaction` runs its work alone among writers (BEGIN IMMEDIATE
 * or the like), commits when it resolves and rolls back when it rejects; never call KMS inside one. Throws StoreBusyError
 * when another process holds the database for longer than the busy time-out, StoreError for any other failure.
 */
export interface Store {
  readonly read: Repositories;
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Overwrites what deletion left in free pages and logs (SQLite: WAL checkpoint TRUNCATE). Returns when that is on disk. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

export class StoreError extends Error {
  override name = "StoreError";
}
export class StoreBusyError extends StoreError {
  override name = "StoreBusyError";
}

export interface Repositories {
  readonly accounts: AccountRepository;
  readonly keys: KeyRepository;
  readonly health: HealthRepository;
  readonly sources: SourceRepository;
  readonly backups: BackupRepository;
  readonly restores: RestoreRepository;
  readonly verifications: VerificationRepository;
  readonly rotations: RotationRepository;
  readonly audit: AuditRepository;
  readonly checkpoints: CheckpointRepository;
  readonly events: EventRepository;
  readonly jobs: JobQueue;
  readonly idempotency: IdempotencyRepository;
  readonly intents: IntentRepository;
  readonly webhooks: WebhookRepository;
  readonly webhookDeliveries: WebhookDeliveryRepository;
  readonly deletionReminders: DeletionReminderRepository;
}

/** `after` is the sort key of the last item of the previous page (an opaque string made by the repository, see `cursorOf`). */
export interface PageRequest {
  readonly first: number;
  readonly after?: string;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNextPage: boolean;
}

export interface AccountRepository {
  /** Null when unknown. */
  byId(id: string): Promise<Account | null>;
  insert(account: Account): Promise<void>;
  /** Writes all fields if the stored version equals `account.version`, and raises it by one. False: somebody else wrote first. */
  save(account: Account): Promise<boolean>;
  /** Newest first. */
  page(request: PageRequest, filter: AccountFilter): Promise<Page<Account>>;
  count(filter: AccountFilter): Promise<bigint>;
  /** The accounts, other than `exceptAccountId`, that use this key now. */
  usingKey(keyArn: string, exceptAccountId: string): Promise<readonly string[]>;
  /** The key epochs of these accounts, in one cheap query: what a process polls to see locks, enablings and switches. Unknown ids are left out. */
  keyEpochs(ids: readonly string[]): Promise<ReadonlyMap<string, { keyEpoch: number; locked: boolean }>>;
  /** ENABLED or ROTATING accounts whose health was last checked before `before`, oldest first. */
  dueForProbe(before: Date, limit: number): Promise<readonly Account[]>;
  /** Likewise those whose health was last checked after `after`: with a time to come, what a clock wrote that was set back since. Any order. */
  checkedAfter(after: Date, limit: number): Promise<readonly Account[]>;
}
export interface AccountFilter {
  readonly keyManagement?: KeyManagement;
  readonly ekmStatus?: "ACTIVATED" | "ENABLED" | "ROTATING";
  readonly health?: KeyHealthState;
  /**
   * Part of the name, in whatever case; or, whole: the account's id, the ARN of a key that it uses, used or rotates to, its key's id (the last
   * part of the ARN), or the AWS account that owns its key. See {@link searchKind}.
   */
  readonly search?: string;
}

/** Whether a search looks like something of AWS's; it can be a part of a name all the same. */
export function searchKind(search: string): "arn" | "keyId" | "awsAccountId" | "text" {
  if (search.startsWith("arn:")) return "arn";
  if (/^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/.test(search)) return "keyId";
  return /^[0-9]{12}$/.test(search) ? "awsAccountId" : "text";
}

export interface KeyRepository {
  /** Ascending by number. */
  generations(accountId: string): Promise<readonly KeyGeneration[]>;
  generation(accountId: string, generation: number): Promise<KeyGeneration | null>;
  insertGeneration(generation: KeyGeneration): Promise<void>;
  closeGeneration(accountId: string, generation: number, at: Date): Promise<void>;
  /** Notes that enabling left this generation behind, and why. */
  leaveGeneration(accountId: string, generation: number, because: ErrorCode): Promise<void>;
  /** Adds `count` to the reserved wraps of an open generation; false when it is closed or would pass 2^30. */
  reserveWraps(accountId: string, generation: number, count: number): Promise<boolean>;
  /** All wraps of an account, ascending by generation. */
  wraps(accountId: string): Promise<readonly KeyWrap[]>;
  currentWrap(accountId: string, generation: number): Promise<KeyWrap | null>;
  insertWrap(wrap: KeyWrap): Promise<void>;
  /**
   * Makes PENDING wraps of this key CURRENT, and any other CURRENT wrap of the same generations SUPERSEDED: at most one wrap of a
   * generation is CURRENT. Generations without a PENDING wrap keep theirs. Returns how many were promoted.
   */
  promoteWraps(accountId: string, keyArn: string): Promise<number>;
  /** Deletes the wraps of this key (of this state, if given). Returns how many. */
  deleteWraps(accountId: string, keyArn: string, state?: KeyWrap["state"]): Promise<number>;
  /** Deletes one generation's wrap under this key, if it is there. */
  deleteWrap(accountId: string, generation: number, keyArn: string): Promise<void>;
  canary(accountId: string, keyArn: string): Promise<CanaryWrap | null>;
  putCanary(canary: CanaryWrap): Promise<void>;
  deleteCanary(accountId: string, keyArn: string): Promise<void>;
}

export interface HealthRepository {
  current(accountId: string): Promise<KeyHealth | null>;
  /** Replaces the current row; appends to the history when state or problem code differ from the last one's. */
  put(health: KeyHealth): Promise<void>;
  /** Newest first. */
  history(accountId: string, request: PageRequest): Promise<Page<KeyHealth>>;
}

export interface SourceRepository {
  byId(id: string): Promise<BackupSource | null>;
  insert(source: BackupSource): Promise<void>;
  page(accountId: string, request: PageRequest): Promise<Page<BackupSource>>;
  count(accountId: string): Promise<bigint>;
}

export interface JobFilter {
  readonly status?: JobStatus;
  readonly sourceId?: string;
}

/** What every kind of job row can do besides being read. */
export interface CancellableRepository {
  /** Notes the request on a job that has not ended; its worker stops at the next frame. */
  requestCancel(id: string, at: Date): Promise<void>;
  /** A QUEUED row becomes CANCELLED, finished then. False: it is not QUEUED. The caller removes the queue's job in the same transaction. */
  cancelQueued(id: string, at: Date): Promise<boolean>;
}

export interface BackupRepository extends CancellableRepository {
  byId(id: string): Promise<Backup | null>;
  insert(backup: Backup): Promise<void>;
  /** Writes all fields if `job` still holds its fence; false, and no write, otherwise. */
  saveFenced(backup: Backup, job: Job): Promise<boolean>;
  page(accountId: string, request: PageRequest, filter: JobFilter): Promise<Page<Backup>>;
  count(accountId: string, filter: JobFilter): Promise<bigint>;
  /** Succeeded backups by generation. */
  countByGeneration(accountId: string): Promise<ReadonlyMap<number, bigint>>;
  /** Succeeded backups of an account: number, bytes, and generations in use. */
  impact(accountId: string): Promise<{ backups: bigint; bytes: bigint; generations: number }>;
}

export interface VerificationRepository extends CancellableRepository {
  byId(id: string): Promise<Verification | null>;
  insert(verification: Verification): Promise<void>;
  saveFenced(verification: Verification, job: Job): Promise<boolean>;
}

export interface RestoreRepository extends CancellableRepository {
  byId(id: string): Promise<Restore | null>;
  insert(restore: Restore): Promise<void>;
  saveFenced(restore: Restore, job: Job): Promise<boolean>;
  page(accountId: string, request: PageRequest, filter: JobFilter): Promise<Page<Restore>>;
  count(accountId: string, filter: JobFilter): Promise<bigint>;
}

export interface AuditRepository {
  /** Appends to the account's chain: next sequence, hash over the entry and the previous hash (audit/chain). Inside a transaction only. */
  append(accountId: string, at: Date, entry: AuditEntry): Promise<AuditEvent>;
  byId(id: string): Promise<AuditEvent | null>;
  /** Newest first. */
  page(accountId: string, request: PageRequest, filter: { action?: AuditAction }): Promise<Page<AuditEvent>>;
  count(accountId: string, filter: { action?: AuditAction }): Promise<bigint>;
  /** Ascending from `afterSequence`, for verification. */
  chain(accountId: string, afterSequence: number, limit: number): Promise<readonly AuditEvent[]>;
}

/**
 * Work for the data plane. A job is claimed for `leaseMs` by the database's clock and must be renewed before that ends;
 * a job whose lease ended is claimed again under a higher fence. Exactly one holder has the current fence.
 */
export interface JobQueue {
  /** In the transaction that writes the subject's row. */
  enqueue(job: { id: string; kind: JobKind; accountId: string; subjectId: string; at: Date }): Promise<void>;
  /** Whether `claim` would find a job now. A plain read: an idle worker asks this first, so that it never takes the write lock for nothing. */
  hasClaimable(kinds: readonly JobKind[], notOf?: readonly string[]): Promise<boolean>;
  /** The oldest job that is free, restores before backups before the rest, and of no account in `notOf`; null when there is none. */
  claim(owner: string, kinds: readonly JobKind[], leaseMs: number, notOf?: readonly string[]): Promise<Job | null>;
  /** False: the fence is stale; stop at once. */
  renew(job: Job, leaseMs: number): Promise<boolean>;
  /** Removes the job, if the fence is still the holder's; false otherwise. In the transaction that writes the outcome. */
  complete(job: Job): Promise<boolean>;
  /** Removes the job of a subject that nobody holds now. False: somebody holds it, or there is none. */
  removeFree(kind: JobKind, subjectId: string): Promise<boolean>;
  /** Gives it back, to be claimed again not before `delayMs` from now. */
  release(job: Job, delayMs: number): Promise<boolean>;
}

/** The cursor of an item in any page. */
export type CursorOf = (item: { readonly id: string }) => string;
