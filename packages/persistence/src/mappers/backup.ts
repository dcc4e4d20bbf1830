import type { Backup, ManifestRef } from "@ekm/ekm";
import type { BackupRow } from "../rows/backup.js";
import { toJobRecord, toJobRecordRow } from "./job-record.js";
import { fromCount, fromMs, present, required, toMs, toOptionalCount } from "./values.js";

export const toBackupRow = (backup: Backup): BackupRow => ({
  ...toJobRecordRow(backup),
  sourceId: backup.sourceId,
  createdUnder: backup.createdUnder,
  generation: backup.generation ?? null,
  manifestObjectName: backup.manifest?.objectName ?? null,
  manifestDigest: backup.manifest?.digest ?? null,
  manifestVersion: backup.manifest?.version ?? null,
  bytes: toOptionalCount(backup.bytes),
  items: toOptionalCount(backup.items),
  contentDigest: backup.contentDigest ?? null,
  lastSealedAt: toMs(backup.lastSealedAt),
});

export const toBackup = (row: BackupRow): Backup => ({
  ...toJobRecord(row),
  sourceId: row.sourceId,
  createdUnder: row.createdUnder,
  ...present({
    generation: row.generation,
    manifest: toManifestRef(row),
    bytes: fromCount(row.bytes),
    items: fromCount(row.items),
    contentDigest: row.contentDigest,
    lastSealedAt: fromMs(row.lastSealedAt),
  }),
});

function toManifestRef(row: BackupRow): ManifestRef | null {
  if (row.manifestObjectName === null) return null;
  return {
    objectName: row.manifestObjectName,
    digest: required(row.manifestDigest, "manifest_digest"),
    version: required(row.manifestVersion, "manifest_version"),
  };
}
