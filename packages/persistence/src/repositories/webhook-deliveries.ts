import type { DeliveryFilter, Ids, WebhookDelivery, WebhookDeliveryRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toDelivery, toDeliveryRow } from "../mappers/webhook.js";
import { WebhookDeliveryRows } from "../rows/webhook.js";
import { before, newestFirst, toPage } from "./page.js";

const OLDEST = `id IN (
  SELECT old.id FROM webhook_delivery old WHERE old.finished_at < :before ORDER BY old.finished_at, old.id LIMIT :limit)`;

export function webhookDeliveryRepository(manager: EntityManager, ids: Ids): WebhookDeliveryRepository {
  const of = (webhookId: string, { state }: DeliveryFilter) => ({ webhookId, ...(state === undefined ? {} : { state }) });

  return {
    async byId(id) {
      const row = await manager.findOneBy(WebhookDeliveryRows, { id });
      return row && toDelivery(row);
    },
    async insert(made) {
      const delivery: WebhookDelivery = {
        ...made,
        id: ids.next("whd"),
        state: "PENDING",
        nextAttemptAt: made.createdAt,
        tries: 0,
        fence: 0,
        attempts: [],
      };
      await manager.insert(WebhookDeliveryRows, toDeliveryRow(delivery));
      return delivery;
    },
    async page(webhookId, request, filter) {
      const rows = await manager.find(WebhookDeliveryRows, {
        where: { ...of(webhookId, filter), ...before(request) },
        ...newestFirst(request),
      });
      return toPage(rows, request, toDelivery);
    },
    async count(webhookId, filter) {
      return BigInt(await manager.countBy(WebhookDeliveryRows, of(webhookId, filter)));
    },
    async due(now, limit, { webhooks, accounts }) {
      const query = manager
        .createQueryBuilder(WebhookDeliveryRows, "delivery")
        .where("delivery.nextAttemptAt <= :now", { now: now.getTime() })
        .orderBy({ "delivery.nextAttemptAt": "ASC", "delivery.id": "ASC" })
        .limit(limit);
      if (webhooks.length > 0) query.andWhere("delivery.webhookId NOT IN (:...webhooks)", { webhooks });
      if (accounts.length > 0) query.andWhere("delivery.accountId NOT IN (:...accounts)", { accounts });
      return (await query.getMany()).map(toDelivery);
    },
    async save(delivery, fence) {
      const { id, state, nextAttemptAt, finishedAt, tries, fence: next, attempts } = toDeliveryRow(delivery);
      const columns = { state, nextAttemptAt, finishedAt, tries, fence: next, attempts };
      const { affected } = await manager.update(WebhookDeliveryRows, { id, fence }, columns);
      return affected === 1;
    },
    async failPending(webhookId, at) {
      await manager
        .createQueryBuilder()
        .update(WebhookDeliveryRows)
        .set({ state: "FAILED", nextAttemptAt: null, finishedAt: at.getTime(), fence: () => "fence + 1" })
        .where({ webhookId, state: "PENDING" })
        .execute();
    },
    async deleteBefore(until, limit) {
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(WebhookDeliveryRows)
        .where(OLDEST, { before: until.getTime(), limit })
        .execute();
      return affected ?? 0;
    },
  };
}
