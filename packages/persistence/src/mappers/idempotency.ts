import type { IdempotencyRecord, IdempotencyResult } from "@ekm/ekm";
import type { IdempotencyRow } from "../rows/idempotency.js";
import { fromJson, present } from "./values.js";

/** A claim: without a result, whatever the record says. */
export const toClaimRow = (record: IdempotencyRecord): IdempotencyRow => ({
  scope: record.scope,
  operation: record.operation,
  idempotencyKey: record.key,
  bodyHash: record.bodyHash,
  claimedAt: record.claimedAt.getTime(),
  result: null,
});

export const toIdempotencyRecord = (row: IdempotencyRow): IdempotencyRecord => ({
  scope: row.scope,
  operation: row.operation,
  key: row.idempotencyKey,
  bodyHash: row.bodyHash,
  claimedAt: new Date(row.claimedAt),
  ...present({ result: fromJson<IdempotencyResult>(row.result) }),
});
