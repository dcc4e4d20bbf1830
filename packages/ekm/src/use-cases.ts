import type { Refusal } from "./access/authorize.js";
import type { Caller } from "./access/caller.js";
import type { Account } from "./accounts/account.js";
import type { Outcome } from "./errors/outcome.js";
import type { KeyHealth } from "./health/health.js";
import type { CancelledJob } from "./jobs/cancel-job.js";
import type { Backup, BackupSource, BackupSourceKind, Restore, Verification } from "./jobs/job.js";
import type { KeyCheck } from "./preflight/key-check.js";
import type { Queries } from "./queries/queries.js";
import type { KeyRotation } from "./rotation/rotation.js";
import type { DeletedWebhook } from "./webhooks/delete-webhook.js";
import type { WebhookEventKind } from "./webhooks/event-kinds.js";
import type { Webhook, WebhookDelivery } from "./webhooks/webhook.js";
import type { WebhookWithSecret } from "./webhooks/with-secret.js";

/**
 * What the product can be asked to do. Each is one file under its area, made by a function of the ports that it needs;
 * `createUseCases(ports)` wires them. Authorisation happens inside (access/authorize): a caller without the role, or a
 * tenant that names another tenant's id, gets what an unknown id gets. Nothing throws but for bugs and a lost database.
 */
export interface UseCases {
  createAccount: Mutation<{ name: string }, Account>;
  activateEkm: Mutation<{ accountId: string; ticket?: string; expiresInDays?: number }, Account>;
  withdrawEkmActivation: Mutation<{ accountId: string; reason: string }, Account>;
  registerBackupSource: Mutation<{ accountId?: string; name: string; kind: BackupSourceKind; location: string }, BackupSource>;
  validateKmsKey(caller: Caller, input: { accountId?: string; keyArn: string }): Promise<CheckedOutcome<{ usable: boolean }>>;
  /** `acceptLossOfUnreadable` repeats the account's name. */
  enableEkm(
    caller: Caller,
    input: {
      accountId?: string;
      keyArn: string;
      acceptedTermsVersion: string;
      confirmIrreversible: boolean;
      acceptLossOfUnreadable?: string;
      idempotencyKey?: string;
    },
  ): Promise<CheckedOutcome<{ account: Account }>>;
  /** Begins a rotation. `acceptLossOfUnreadable` repeats the account's name. */
  rotateEkmKey(
    caller: Caller,
    input: { accountId?: string; keyArn: string; acceptLossOfUnreadable?: string; idempotencyKey?: string },
  ): Promise<CheckedOutcome<{ rotation: KeyRotation }>>;
  pauseEkmKeyRotation: Mutation<{ rotationId: string }, KeyRotation>;
  resumeEkmKeyRotation: Mutation<{ rotationId: string }, KeyRotation>;
  /** Before the switch only. */
  cancelEkmKeyRotation: Mutation<{ rotationId: string }, KeyRotation>;
  checkKeyHealth: Mutation<{ accountId?: string }, KeyHealth>;
  /** The kill switch on our side: every process drops the account's keys within a second. Locking twice keeps the first lock. */
  lockAccountKeys: Mutation<{ accountId?: string; reason: string }, Account>;
  unlockAccountKeys: Mutation<{ accountId?: string; reason: string }, Account>;
  startBackup: Mutation<{ accountId?: string; sourceId: string; maxBytesPerSecond?: bigint }, Backup>;
  startRestore: Mutation<{ backupId: string; target?: string; overwrite?: boolean; maxBytesPerSecond?: bigint }, Restore>;
  startVerification: Mutation<{ backupId: string; samplePercent?: number }, Verification>;
  /** A queued job is CANCELLED at once, a running one at its next frame. `jobId` names a backup, restore or verification. */
  cancelJob: Mutation<{ jobId: string }, CancelledJob>;
  /** `kinds`: all, those to come too, when absent. */
  createWebhook: Mutation<
    { accountId?: string; url: string; kinds?: readonly WebhookEventKind[]; description?: string },
    WebhookWithSecret
  >;
  updateWebhook: Mutation<
    { webhookId: string; url?: string; kinds?: readonly WebhookEventKind[]; description?: string; enabled?: boolean },
    Webhook
  >;
  deleteWebhook: Mutation<{ webhookId: string }, DeletedWebhook>;
  /** `endFormer`: former secrets end now and not in 24 hours. */
  rotateWebhookSecret: Mutation<{ webhookId: string; endFormer?: boolean }, WebhookWithSecret>;
  sendTestWebhook: Mutation<{ webhookId: string }, WebhookDelivery>;
  /** The same message again, under the same id. */
  redeliverWebhook: Mutation<{ deliveryId: string }, WebhookDelivery>;
  readonly queries: Queries;
}

export type Mutation<I, T> = (caller: Caller, input: I & { idempotencyKey?: string }) => Promise<Outcome<T, Refusal>>;

/** Checks are shown whether or not the request went through. */
export type CheckedOutcome<T> =
  | { readonly ok: true; readonly value: T; readonly checks: readonly KeyCheck[] }
  | { readonly ok: false; readonly error: Refusal; readonly checks: readonly KeyCheck[] };
