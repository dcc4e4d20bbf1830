import type { AuditEvent } from "@ekm/ekm";
import type { AuditEventRow } from "../rows/audit-event.js";
import { fromJson, present, required } from "./values.js";

export const toAuditEventRow = (event: AuditEvent): AuditEventRow => ({
  id: event.id,
  accountId: event.accountId,
  sequence: event.sequence,
  at: event.at.getTime(),
  actor: event.actor,
  action: event.action,
  outcome: event.outcome,
  subject: event.subject ?? null,
  detail: event.detail,
  awsRequestIds: JSON.stringify(event.awsRequestIds),
  hash: event.hash,
  previousHash: event.previousHash,
});

export const toAuditEvent = (row: AuditEventRow): AuditEvent => ({
  id: row.id,
  accountId: row.accountId,
  sequence: row.sequence,
  at: new Date(row.at),
  actor: row.actor,
  action: row.action,
  outcome: row.outcome,
  ...present({ subject: row.subject }),
  detail: row.detail,
  awsRequestIds: required(fromJson<string[]>(row.awsRequestIds), "aws_request_ids"),
  hash: row.hash,
  previousHash: row.previousHash,
});
