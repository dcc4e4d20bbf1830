import type { BackupSourceKind } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int8, primary, text, word } from "./columns.js";

export interface BackupSourceRow {
  id: string;
  accountId: string;
  name: string;
  kind: BackupSourceKind;
  location: string;
  createdAt: number;
}

export const BackupSourceRows = new EntitySchema<BackupSourceRow>({
  name: "backup_source",
  columns: { id: primary(id), accountId: id, name: text, kind: word, location: text, createdAt: int8 },
});
