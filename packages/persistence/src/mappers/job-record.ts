import type { Backup, Problem, Restore, Verification } from "@ekm/ekm";
import type { JobRecordRow } from "../rows/job-record.js";
import { fromCount, fromJson, fromMs, present, toCount, toJson, toMs, toOptionalCount } from "./values.js";

/** The fields that backups, restores and verifications share. */
type JobRecord = Pick<Backup, keyof Backup & keyof Restore & keyof Verification>;

export const toJobRecordRow = (record: JobRecord): JobRecordRow => ({
  id: record.id,
  accountId: record.accountId,
  status: record.status,
  bytesDone: toCount(record.progress.bytesDone),
  bytesTotal: toOptionalCount(record.progress.bytesTotal),
  itemsDone: toCount(record.progress.itemsDone),
  itemsTotal: toOptionalCount(record.progress.itemsTotal),
  createdAt: record.createdAt.getTime(),
  startedAt: toMs(record.startedAt),
  finishedAt: toMs(record.finishedAt),
  maxBytesPerSecond: toOptionalCount(record.maxBytesPerSecond),
  cancelRequestedAt: toMs(record.cancelRequestedAt),
  requestedBy: record.requestedBy,
  problem: toJson(record.problem),
});

export const toJobRecord = (row: JobRecordRow) => ({
  id: row.id,
  accountId: row.accountId,
  status: row.status,
  progress: {
    bytesDone: BigInt(row.bytesDone),
    itemsDone: BigInt(row.itemsDone),
    ...present({ bytesTotal: fromCount(row.bytesTotal), itemsTotal: fromCount(row.itemsTotal) }),
  },
  createdAt: new Date(row.createdAt),
  requestedBy: row.requestedBy,
  ...present({
    startedAt: fromMs(row.startedAt),
    finishedAt: fromMs(row.finishedAt),
    maxBytesPerSecond: fromCount(row.maxBytesPerSecond),
    cancelRequestedAt: fromMs(row.cancelRequestedAt),
    problem: fromJson<Problem>(row.problem),
  }),
});
