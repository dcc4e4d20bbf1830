import type { AuditEvent } from "@ekm/ekm";
import type { AuditEventView } from "./audit-event.js";

export const presentAuditEvent = (event: AuditEvent): AuditEventView => ({
  __typename: "AuditEvent",
  id: event.id,
  sequence: event.sequence,
  at: event.at,
  actor: event.actor,
  action: event.action,
  outcome: event.outcome,
  subject: event.subject ?? null,
  detail: event.detail,
  awsRequestIds: event.awsRequestIds,
  hash: event.hash,
  previousHash: event.previousHash,
});
