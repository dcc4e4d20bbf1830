import type { KmsIntent } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int8, json, optional, primary, text, word } from "./columns.js";

export interface KmsIntentRow {
  id: string;
  accountId: string;
  purpose: KmsIntent["purpose"];
  keyArn: string | null;
  at: number;
  finishedAt: number | null;
  outcome: NonNullable<KmsIntent["outcome"]> | null;
  awsRequestIds: string;
}

export const KmsIntentRows = new EntitySchema<KmsIntentRow>({
  name: "kms_intent",
  columns: {
    id: primary(id),
    accountId: id,
    purpose: word,
    keyArn: optional(text),
    at: int8,
    finishedAt: optional(int8),
    outcome: optional(word),
    awsRequestIds: json,
  },
});
