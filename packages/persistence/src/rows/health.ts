import type { KeyHealthState } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int8, json, optional, primary, text, word } from "./columns.js";

export interface KeyHealthRow {
  id: string;
  accountId: string;
  keyArn: string;
  state: KeyHealthState;
  since: number;
  problem: string | null;
  warnings: string;
  checkedAt: number;
  lastUsableAt: number | null;
  deletionDate: number | null;
}

const columns = {
  keyArn: text,
  state: word,
  since: int8,
  problem: optional(json),
  warnings: json,
  checkedAt: int8,
  lastUsableAt: optional(int8),
  deletionDate: optional(int8),
};

/** The latest knowledge: one row per account. */
export const KeyHealthRows = new EntitySchema<KeyHealthRow>({
  name: "key_health",
  columns: { accountId: primary(id), id, ...columns },
});

/** One row per change of state or of the problem's code. */
export const KeyHealthHistoryRows = new EntitySchema<KeyHealthRow>({
  name: "key_health_history",
  columns: { id: primary(id), accountId: id, ...columns },
});
