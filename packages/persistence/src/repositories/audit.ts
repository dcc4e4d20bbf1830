import { type AuditAction, type AuditRepository, type Ids, nextEvent, type PageRequest } from "@ekm/ekm";
import { type EntityManager, MoreThan, Raw } from "typeorm";
import { toAuditEvent, toAuditEventRow } from "../mappers/audit-event.js";
import { AuditEventRows, AuditHeadRows } from "../rows/audit-event.js";
import { toPage } from "./page.js";

const BEFORE_CURSOR =
  "(SELECT cursor.sequence FROM audit_event cursor WHERE cursor.id = :after AND cursor.account_id = :accountId)";

export function auditRepository(manager: EntityManager, ids: Ids): AuditRepository {
  const before = (accountId: string, { after }: PageRequest) =>
    after === undefined ? {} : { sequence: Raw((column) => `${column} < ${BEFORE_CURSOR}`, { after, accountId }) };
  const of = (accountId: string, filter: { action?: AuditAction }) => ({
    accountId,
    ...(filter.action === undefined ? {} : { action: filter.action }),
  });

  return {
    async append(accountId, at, entry) {
      const head = await manager.findOneBy(AuditHeadRows, { accountId });
      const event = nextEvent(head, ids.next("aud"), accountId, at, entry);
      const { sequence, hash } = event;
      await manager.insert(AuditEventRows, toAuditEventRow(event));
      await manager.upsert(AuditHeadRows, { accountId, sequence, hash }, ["accountId"]);
      return event;
    },
    async byId(id) {
      const row = await manager.findOneBy(AuditEventRows, { id });
      return row && toAuditEvent(row);
    },
    async page(accountId, request, filter) {
      const rows = await manager.find(AuditEventRows, {
        where: { ...of(accountId, filter), ...before(accountId, request) },
        order: { sequence: "DESC" },
        take: request.first + 1,
      });
      return toPage(rows, request, toAuditEvent);
    },
    async count(accountId, filter) {
      return BigInt(await manager.countBy(AuditEventRows, of(accountId, filter)));
    },
    async chain(accountId, afterSequence, limit) {
      const rows = await manager.find(AuditEventRows, {
        where: { accountId, sequence: MoreThan(afterSequence) },
        order: { sequence: "ASC" },
        take: limit,
      });
      return rows.map(toAuditEvent);
    },
  };
}
