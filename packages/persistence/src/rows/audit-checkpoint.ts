import { EntitySchema } from "typeorm";
import { bool, id, int8, primary, text, word } from "./columns.js";

export interface AuditRoundRow {
  round: number;
  at: number;
  jws: string;
  digest: string;
  exported: boolean;
}

export const AuditRoundRows = new EntitySchema<AuditRoundRow>({
  name: "audit_round",
  columns: { round: primary(int8), at: int8, jws: text, digest: word, exported: bool },
});

export interface AuditCheckpointRow {
  accountId: string;
  sequence: number;
  hash: string;
  round: number;
  jws: string;
  digest: string;
}

export const AuditCheckpointRows = new EntitySchema<AuditCheckpointRow>({
  name: "audit_checkpoint",
  columns: { accountId: primary(id), sequence: primary(int8), hash: word, round: int8, jws: text, digest: word },
});
