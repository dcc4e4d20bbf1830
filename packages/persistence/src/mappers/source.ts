import type { BackupSource } from "@ekm/ekm";
import type { BackupSourceRow } from "../rows/source.js";

export const toBackupSourceRow = (source: BackupSource): BackupSourceRow => ({
  id: source.id,
  accountId: source.accountId,
  name: source.name,
  kind: source.kind,
  location: source.location,
  createdAt: source.createdAt.getTime(),
});

export const toBackupSource = (row: BackupSourceRow): BackupSource => ({
  id: row.id,
  accountId: row.accountId,
  name: row.name,
  kind: row.kind,
  location: row.location,
  createdAt: new Date(row.createdAt),
});
