import type { KeyManagement } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int4, int8, optional, text, word } from "./columns.js";
import { type JobRecordRow, jobRecordColumns } from "./job-record.js";

export interface BackupRow extends JobRecordRow {
  sourceId: string;
  createdUnder: KeyManagement;
  generation: number | null;
  manifestObjectName: string | null;
  manifestDigest: string | null;
  manifestVersion: number | null;
  bytes: number | null;
  items: number | null;
  contentDigest: string | null;
  lastSealedAt: number | null;
}

export const BackupRows = new EntitySchema<BackupRow>({
  name: "backup",
  columns: {
    ...jobRecordColumns,
    sourceId: id,
    createdUnder: word,
    generation: optional(int4),
    manifestObjectName: optional(text),
    manifestDigest: optional(word),
    manifestVersion: optional(int4),
    bytes: optional(int8),
    items: optional(int8),
    contentDigest: optional(word),
    lastSealedAt: optional(int8),
  },
});
