import { AccountRows } from "./account.js";
import { AuditEventRows } from "./audit-event.js";
import { BackupRows } from "./backup.js";
import { KeyHealthHistoryRows, KeyHealthRows } from "./health.js";
import { JobRows } from "./job.js";
import { CanaryWrapRows, KeyGenerationRows, KeyWrapRows } from "./key.js";
import { RestoreRows } from "./restore.js";
import { BackupSourceRows } from "./source.js";

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
  AuditEventRows,
  JobRows,
];
