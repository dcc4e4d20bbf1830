import type { JobStatus } from "@ekm/ekm";
import { id, int8, json, optional, primary, text, word } from "./columns.js";

/** What backups, restores and verifications have in common. */
export interface JobRecordRow {
  id: string;
  accountId: string;
  status: JobStatus;
  bytesDone: number;
  bytesTotal: number | null;
  itemsDone: number;
  itemsTotal: number | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  maxBytesPerSecond: number | null;
  cancelRequestedAt: number | null;
  requestedBy: string;
  problem: string | null;
}

export const jobRecordColumns = {
  id: primary(id),
  accountId: id,
  status: word,
  bytesDone: int8,
  bytesTotal: optional(int8),
  itemsDone: int8,
  itemsTotal: optional(int8),
  createdAt: int8,
  startedAt: optional(int8),
  finishedAt: optional(int8),
  maxBytesPerSecond: optional(int8),
  cancelRequestedAt: optional(int8),
  requestedBy: text,
  problem: optional(json),
};
