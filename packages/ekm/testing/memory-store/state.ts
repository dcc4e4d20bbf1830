import type { Account } from "../../src/accounts/account.js";
import type { SignedCheckpoint, SignedRound } from "../../src/audit/checkpoint.js";
import type { AuditEvent } from "../../src/audit/event.js";
import type { AccountEvent } from "../../src/events/event.js";
import type { KeyHealth } from "../../src/health/health.js";
import type { IdempotencyRecord } from "../../src/idempotency/record.js";
import type { KmsIntent } from "../../src/intents/intent.js";
import type { Backup, BackupSource, Job, Restore, Verification } from "../../src/jobs/job.js";
import type { CanaryWrap, KeyGeneration, KeyWrap } from "../../src/keys/generation.js";
import type { Clock, Ids } from "../../src/ports/clock.js";
import type { EventHead } from "../../src/ports/event-store.js";
import type { DeletionReminder } from "../../src/ports/webhook-store.js";
import type { GenerationFailure, KeyRotation } from "../../src/rotation/rotation.js";
import type { Webhook, WebhookDelivery } from "../../src/webhooks/webhook.js";

export interface QueuedJob extends Job {
  readonly at: Date;
  readonly heldBy: string | null;
  /** While held: when the lease ends. While free: from when it may be claimed. */
  readonly until: number;
}

/** The tables. Rows are immutable values. */
export interface State {
  readonly accounts: Map<string, Account>;
  readonly generations: Map<string, KeyGeneration>;
  readonly wraps: Map<string, KeyWrap>;
  readonly canaries: Map<string, CanaryWrap>;
  readonly health: Map<string, KeyHealth>;
  readonly healthHistory: Map<string, KeyHealth>;
  readonly sources: Map<string, BackupSource>;
  readonly backups: Map<string, Backup>;
  readonly restores: Map<string, Restore>;
  readonly verifications: Map<string, Verification>;
  readonly rotations: Map<string, KeyRotation>;
  readonly failures: Map<string, GenerationFailure>;
  readonly audit: Map<string, AuditEvent>;
  readonly checkpoints: Map<string, SignedCheckpoint>;
  readonly rounds: Map<string, SignedRound & { readonly exported: boolean }>;
  readonly events: Map<string, AccountEvent & { readonly progress: boolean }>;
  readonly eventHeads: Map<string, EventHead>;
  readonly jobs: Map<string, QueuedJob>;
  readonly idempotency: Map<string, IdempotencyRecord>;
  readonly intents: Map<string, KmsIntent>;
  readonly webhooks: Map<string, Webhook>;
  readonly webhookDeliveries: Map<string, WebhookDelivery>;
  readonly deletionReminders: Map<string, DeletionReminder>;
}

export const emptyState = (): State => ({
  accounts: new Map(),
  generations: new Map(),
  wraps: new Map(),
  canaries: new Map(),
  health: new Map(),
  healthHistory: new Map(),
  sources: new Map(),
  backups: new Map(),
  restores: new Map(),
  verifications: new Map(),
  rotations: new Map(),
  failures: new Map(),
  audit: new Map(),
  checkpoints: new Map(),
  rounds: new Map(),
  events: new Map(),
  eventHeads: new Map(),
  jobs: new Map(),
  idempotency: new Map(),
  intents: new Map(),
  webhooks: new Map(),
  webhookDeliveries: new Map(),
  deletionReminders: new Map(),
});

/** Copies the tables, which copies the state. */
export const copyState = (state: State): State =>
  Object.fromEntries(Object.entries(state).map(([table, rows]) => [table, new Map(rows)])) as unknown as State;

/** What a repository works on. `write` throws StoreError where writing is not allowed. */
export interface Tables {
  read(): State;
  write(): State;
  readonly clock: Clock;
  readonly ids: Ids;
}
