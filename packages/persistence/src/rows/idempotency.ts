import { EntitySchema } from "typeorm";
import { int8, json, optional, primary, text, word } from "./columns.js";

export interface IdempotencyRow {
  scope: string;
  operation: string;
  idempotencyKey: string;
  bodyHash: string;
  claimedAt: number;
  result: string | null;
}

export const IdempotencyRows = new EntitySchema<IdempotencyRow>({
  name: "idempotency_record",
  columns: {
    scope: primary(text),
    operation: primary(word),
    idempotencyKey: primary(text),
    bodyHash: word,
    claimedAt: int8,
    result: optional(json),
  },
});
