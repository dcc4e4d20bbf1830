import type { KmsIntent } from "@ekm/ekm";
import type { KmsIntentRow } from "../rows/intent.js";
import { fromJson, fromMs, present, required, toMs } from "./values.js";

export const toKmsIntentRow = (intent: KmsIntent): KmsIntentRow => ({
  id: intent.id,
  accountId: intent.accountId,
  purpose: intent.purpose,
  keyArn: intent.keyArn ?? null,
  at: intent.at.getTime(),
  finishedAt: toMs(intent.finishedAt),
  outcome: intent.outcome ?? null,
  awsRequestIds: JSON.stringify(intent.awsRequestIds),
});

export const toKmsIntent = (row: KmsIntentRow): KmsIntent => ({
  id: row.id,
  accountId: row.accountId,
  purpose: row.purpose,
  at: new Date(row.at),
  ...present({ keyArn: row.keyArn, finishedAt: fromMs(row.finishedAt), outcome: row.outcome }),
  awsRequestIds: required(fromJson<string[]>(row.awsRequestIds), "aws_request_ids"),
});
