import { nextEvent } from "../../src/audit/chain.js";
import type { AuditRepository } from "../../src/ports/store.js";
import { insertRow, ownedBy } from "./rows.js";
import type { Tables } from "./state.js";

export function memoryAudit({ read, write, ids }: Tables): AuditRepository {
  const auditOf = (accountId: string) => ownedBy(read().audit, accountId).sort((a, b) => a.sequence - b.sequence);
  return {
    async append(accountId, at, entry) {
      const event = nextEvent(auditOf(accountId).at(-1) ?? null, ids.next("aud"), accountId, at, entry);
      insertRow(write().audit, event);
      return event;
    },
    async byId(id) {
      return read().audit.get(id) ?? null;
    },
    async page(accountId, request, filter) {
      const before = request.after === undefined ? Number.POSITIVE_INFINITY : (read().audit.get(request.after)?.sequence ?? 0);
      const rest = auditOf(accountId)
        .filter((event) => event.sequence < before && (filter.action === undefined || event.action === filter.action))
        .reverse();
      return { items: rest.slice(0, request.first), hasNextPage: rest.length > request.first };
    },
    async count(accountId, filter) {
      return BigInt(auditOf(accountId).filter((event) => filter.action === undefined || event.action === filter.action).length);
    },
    async chain(accountId, afterSequence, limit) {
      return auditOf(accountId)
        .filter((event) => event.sequence > afterSequence)
        .slice(0, limit);
    },
  };
}
