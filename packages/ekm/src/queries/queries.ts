import type { Denied, Refusal } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import type { AuditAction, AuditEvent } from "../audit/event.js";
import type { Outcome } from "../errors/outcome.js";
import type { KeyHealth } from "../health/health.js";
import type { JobRow } from "../jobs/find-job.js";
import type { Backup, BackupSource, Restore } from "../jobs/job.js";
import type { AccountFilter, JobFilter, Page, PageRequest } from "../ports/store.js";
import type { DeliveryFilter } from "../ports/webhook-store.js";
import type { GenerationFailure, KeyRotation, LeftGeneration } from "../rotation/rotation.js";
import type { Diagnosis } from "../support/diagnosis.js";
import type { Webhook, WebhookDelivery } from "../webhooks/webhook.js";
import type { BackupProtections } from "./backup-protection.js";

/**
 * What the product can be asked to show. Authorised like the use cases: an unknown id and another tenant's id answer the
 * same, null for a single thing and ACCOUNT_NOT_FOUND for a list. Accounts are shown as they are now: an activation that was
 * not used in time is NOT_ACTIVATED. Pages hold 1 to 100 items. Whatever support is shown of an account is noted in that account's
 * audit log first (ACCOUNT_READ_BY_SUPPORT), by whichever of these it is shown.
 */
export interface Queries {
  /** The caller's own account when `id` is omitted. */
  account(caller: Caller, id?: string): Promise<Outcome<Account | null, Denied>>;
  /** Support only. Newest first. */
  accounts(caller: Caller, request: PageRequest, filter: AccountFilter): Promise<Outcome<Listing<Account>, Denied>>;
  node(caller: Caller, id: string): Promise<Outcome<NodeValue | null, Denied>>;
  /**
   * Where listening to an account begins: the sequence number behind which an event is news. With `after`, the id of the last event that
   * was heard; without, now. INPUT_INVALID when that is no event of the account, or events after it have been forgotten.
   */
  openEvents(
    caller: Caller,
    request: { accountId?: string; after?: string },
  ): Promise<Outcome<{ accountId: string; after: number }, Refusal>>;
  sources(caller: Caller, accountId: string, request: PageRequest): Promise<Outcome<Listing<BackupSource>, Refusal>>;
  backups(caller: Caller, accountId: string, request: PageRequest, filter: JobFilter): Promise<Outcome<Listing<Backup>, Refusal>>;
  restores(
    caller: Caller,
    accountId: string,
    request: PageRequest,
    filter: JobFilter,
  ): Promise<Outcome<Listing<Restore>, Refusal>>;
  auditLog(
    caller: Caller,
    accountId: string,
    request: PageRequest,
    filter: { action?: AuditAction },
  ): Promise<Outcome<Listing<AuditEvent>, Refusal>>;
  /** Null while the account has no customer key. State UNKNOWN when it was not looked at lately. */
  keyHealth(caller: Caller, accountId: string): Promise<Outcome<KeyHealth | null, Refusal>>;
  /** Newest first. */
  healthHistory(caller: Caller, accountId: string, request: PageRequest): Promise<Outcome<Page<KeyHealth>, Refusal>>;
  /** Null: unknown, or another tenant's. */
  rotation(caller: Caller, id: string): Promise<Outcome<KeyRotation | null, Denied>>;
  /** Newest first. */
  rotations(caller: Caller, accountId: string, request: PageRequest): Promise<Outcome<Listing<KeyRotation>, Refusal>>;
  /** The rotation that holds the account in ROTATING, if one does. */
  activeRotation(caller: Caller, accountId: string): Promise<Outcome<KeyRotation | null, Refusal>>;
  /** Ascending by generation. None for a rotation that is unknown or another tenant's. */
  generationFailures(caller: Caller, rotationId: string): Promise<Outcome<readonly GenerationFailure[], Denied>>;
  /** What enabling left behind, for no copy of it opened, and no rotation could move since. Ascending by generation. */
  leftGenerations(caller: Caller, accountId: string): Promise<Outcome<readonly LeftGeneration[], Refusal>>;
  /** What protects each backup of the account now: three reads, however many backups are then asked for. */
  backupProtections(caller: Caller, accountId: string): Promise<Outcome<BackupProtections, Refusal>>;
  /** Null: unknown, or another tenant's. */
  webhook(caller: Caller, id: string): Promise<Outcome<Webhook | null, Denied>>;
  /** Newest first. */
  webhooks(caller: Caller, accountId: string, request: PageRequest): Promise<Outcome<Listing<Webhook>, Refusal>>;
  /** Newest first. None of a webhook that is unknown or another tenant's. */
  webhookDeliveries(
    caller: Caller,
    webhookId: string,
    request: PageRequest,
    filter: DeliveryFilter,
  ): Promise<Outcome<Listing<WebhookDelivery>, Refusal>>;
  /** What stops working if the account's key becomes unusable. */
  keyImpact(caller: Caller, accountId: string): Promise<Outcome<KeyImpact, Refusal>>;
  /** Why the account's backups and restores fail, and what to do. */
  diagnosis(caller: Caller, accountId: string): Promise<Outcome<Diagnosis, Refusal>>;
}

/** A page, and the size of the whole list for those who ask: counting can cost more than the page. */
export interface Listing<T> extends Page<T> {
  totalCount(): Promise<bigint>;
}

export type NodeValue =
  | { readonly kind: "account"; readonly value: Account }
  | { readonly kind: "source"; readonly value: BackupSource }
  | JobRow
  | { readonly kind: "rotation"; readonly value: KeyRotation }
  | { readonly kind: "auditEvent"; readonly value: AuditEvent }
  | { readonly kind: "webhook"; readonly value: Webhook }
  | { readonly kind: "webhookDelivery"; readonly value: WebhookDelivery };

export interface KeyImpact {
  readonly backups: bigint;
  readonly bytes: bigint;
  readonly generations: number;
}
