import type { Restore } from "@ekm/ekm";
import type { RestoreRow } from "../rows/restore.js";
import { toJobRecord, toJobRecordRow } from "./job-record.js";
import { fromMs, present, toCount, toMs } from "./values.js";

export const toRestoreRow = (restore: Restore): RestoreRow => ({
  ...toJobRecordRow(restore),
  backupId: restore.backupId,
  target: restore.target,
  overwrite: restore.overwrite,
  contentDigest: restore.contentDigest ?? null,
  bytesReleased: toCount(restore.bytesReleased),
  lastByteReleasedAt: toMs(restore.lastByteReleasedAt),
});

export const toRestore = (row: RestoreRow): Restore => ({
  ...toJobRecord(row),
  backupId: row.backupId,
  target: row.target,
  overwrite: row.overwrite,
  bytesReleased: BigInt(row.bytesReleased),
  ...present({ contentDigest: row.contentDigest, lastByteReleasedAt: fromMs(row.lastByteReleasedAt) }),
});
