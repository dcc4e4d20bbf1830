import { AccountRows } from "./account.js";
import { AccountEventHeadRows, AccountEventRows } from "./account-event.js";
import { AuditCheckpointRows, AuditRoundRows } from "./audit-checkpoint.js";
import { AuditEventRows, AuditHeadRows } from "./audit-event.js";
import { BackupRows } from "./backup.js";
import { KeyHealthHistoryRows, KeyHealthRows } from "./health.js";
import { IdempotencyRows } from "./idempotency.js";
import { KmsIntentRows } from "./intent.js";
import { JobRows } from "./job.js";
import { CanaryWrapRows, KeyGenerationRows, KeyWrapRows } from "./key.js";
import { RestoreRows } from "./restore.js";
import { GenerationFailureRows, KeyRotationRows } from "./rotation.js";
import { BackupSourceRows } from "./source.js";
import { VerificationRows } from "./verification.js";
import { DeletionReminderRows, WebhookDeliveryRows, WebhookRows } from "./webhook.js";

export const ALL_ROWS = [
  AccountRows,
  KeyGenerationRows,
  KeyWrapRows,
  CanaryWrapRows,
  KeyHealthRows,
  KeyHealthHistoryRows,
  BackupSourceRows,
  BackupRows,
  RestoreRows,
  VerificationRows,
  KeyRotationRows,
  GenerationFailureRows,
  AuditEventRows,
  AuditHeadRows,
  AuditRoundRows,
  AuditCheckpointRows,
  AccountEventRows,
  AccountEventHeadRows,
  JobRows,
  IdempotencyRows,
  KmsIntentRows,
  WebhookRows,
  WebhookDeliveryRows,
  DeletionReminderRows,
];
