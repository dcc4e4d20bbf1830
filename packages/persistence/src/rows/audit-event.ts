import type { AuditAction, AuditOutcome } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int8, json, optional, primary, text, word } from "./columns.js";

export interface AuditEventRow {
  id: string;
  accountId: string;
  sequence: number;
  at: number;
  actor: string;
  action: AuditAction;
  outcome: AuditOutcome;
  subject: string | null;
  detail: string;
  awsRequestIds: string;
  hash: string;
  previousHash: string;
}

export const AuditEventRows = new EntitySchema<AuditEventRow>({
  name: "audit_event",
  columns: {
    id: primary(id),
    accountId: id,
    sequence: int8,
    at: int8,
    actor: text,
    action: word,
    outcome: word,
    subject: optional(text),
    detail: text,
    awsRequestIds: json,
    hash: word,
    previousHash: word,
  },
});

/** The last event of each chain, written with it: a chain that was cut at its end no longer ends where this says. */
export interface AuditHeadRow {
  accountId: string;
  sequence: number;
  hash: string;
}

export const AuditHeadRows = new EntitySchema<AuditHeadRow>({
  name: "audit_head",
  columns: { accountId: primary(id), sequence: int8, hash: word },
});
