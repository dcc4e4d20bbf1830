import type { AccountEvent, EventRepository } from "@ekm/ekm";
import { type EntityManager, In, LessThan, MoreThan } from "typeorm";
import { present } from "../mappers/values.js";
import { AccountEventHeadRows, type AccountEventRow, AccountEventRows } from "../rows/account-event.js";

const toEvent = ({ accountId, sequence, at, kind, subject }: AccountEventRow): AccountEvent => ({
  accountId,
  sequence,
  at: new Date(at),
  kind,
  ...present({ subject }),
});

export const eventRepository = (manager: EntityManager): EventRepository => ({
  async append({ accountId, kind, at, subject }, progress) {
    if (progress && subject !== undefined) {
      await manager.delete(AccountEventRows, { accountId, kind, subject, progress: true });
    }
    const head = await manager.findOneBy(AccountEventHeadRows, { accountId });
    const sequence = (head?.sequence ?? 0) + 1;
    await manager.insert(AccountEventRows, { accountId, sequence, at: at.getTime(), kind, subject: subject ?? null, progress });
    if (head === null) await manager.insert(AccountEventHeadRows, { accountId, sequence, forgottenTo: 0 });
    else await manager.update(AccountEventHeadRows, { accountId }, { sequence });
    return { accountId, sequence, at, kind, ...(subject === undefined ? {} : { subject }) };
  },
  async heads(accountIds) {
    if (accountIds.length === 0) return new Map();
    const rows = await manager.findBy(AccountEventHeadRows, { accountId: In([...accountIds]) });
    return new Map(rows.map(({ accountId, sequence, forgottenTo }) => [accountId, { sequence, forgottenTo }]));
  },
  async since(accountId, afterSequence, limit) {
    const rows = await manager.find(AccountEventRows, {
      where: { accountId, sequence: MoreThan(afterSequence) },
      order: { sequence: "ASC" },
      take: limit,
    });
    return rows.map(toEvent);
  },
  async deleteBefore(before, limit) {
    const old = await manager.find(AccountEventRows, {
      where: { at: LessThan(before.getTime()) },
      order: { at: "ASC", sequence: "ASC" },
      take: limit,
    });
    const highest = new Map<string, number>();
    for (const { accountId, sequence } of old) {
      await manager.delete(AccountEventRows, { accountId, sequence });
      highest.set(accountId, Math.max(sequence, highest.get(accountId) ?? 0));
    }
    for (const [accountId, sequence] of highest) {
      await manager.update(AccountEventHeadRows, { accountId, forgottenTo: LessThan(sequence) }, { forgottenTo: sequence });
    }
    return old.length;
  },
});
