import { EntitySchema } from "typeorm";
import { bool, id, int8, optional, text, word } from "./columns.js";
import { type JobRecordRow, jobRecordColumns } from "./job-record.js";

export interface RestoreRow extends JobRecordRow {
  backupId: string;
  target: string;
  overwrite: boolean;
  contentDigest: string | null;
  bytesReleased: number;
  lastByteReleasedAt: number | null;
}

export const RestoreRows = new EntitySchema<RestoreRow>({
  name: "restore",
  columns: {
    ...jobRecordColumns,
    backupId: id,
    target: text,
    overwrite: bool,
    contentDigest: optional(word),
    bytesReleased: int8,
    lastByteReleasedAt: optional(int8),
  },
});
