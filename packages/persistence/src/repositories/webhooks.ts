import type { DeletionReminderRepository, WebhookRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toKeyHealth } from "../mappers/health.js";
import { toWebhook, toWebhookRow } from "../mappers/webhook.js";
import { KeyHealthRows } from "../rows/health.js";
import { DeletionReminderRows, WebhookDeliveryRows, WebhookRows } from "../rows/webhook.js";
import { before, newestFirst, toPage } from "./page.js";

export function webhookRepository(manager: EntityManager): WebhookRepository {
  return {
    async byId(id) {
      const row = await manager.findOneBy(WebhookRows, { id });
      return row && toWebhook(row);
    },
    async ofAccount(accountId) {
      return (await manager.find(WebhookRows, { where: { accountId }, order: { id: "ASC" } })).map(toWebhook);
    },
    async page(accountId, request) {
      const rows = await manager.find(WebhookRows, { where: { accountId, ...before(request) }, ...newestFirst(request) });
      return toPage(rows, request, toWebhook);
    },
    async count(accountId) {
      return BigInt(await manager.countBy(WebhookRows, { accountId }));
    },
    async insert(webhook) {
      await manager.insert(WebhookRows, toWebhookRow(webhook));
    },
    async save(webhook) {
      const { id, ...columns } = toWebhookRow(webhook);
      await manager.update(WebhookRows, { id }, columns);
    },
    async delete(id) {
      await manager.delete(WebhookDeliveryRows, { webhookId: id });
      await manager.delete(WebhookRows, { id });
    },
  };
}

export function deletionReminderRepository(manager: EntityManager): DeletionReminderRepository {
  return {
    async pending({ deletionDate, accountId }, limit) {
      const rows = await manager
        .createQueryBuilder(KeyHealthRows, "health")
        .where("(health.deletionDate, health.accountId) > (:date, :accountId)", { date: deletionDate.getTime(), accountId })
        .andWhere("health.deletionDate IS NOT NULL")
        .orderBy({ "health.deletionDate": "ASC", "health.accountId": "ASC" })
        .limit(limit)
        .getMany();
      return rows.map(toKeyHealth);
    },
    async of(accountId) {
      const row = await manager.findOneBy(DeletionReminderRows, { accountId });
      return row && { accountId, deletionDate: new Date(row.deletionDate), step: row.step };
    },
    async put({ accountId, deletionDate, step }) {
      await manager.upsert(DeletionReminderRows, { accountId, deletionDate: deletionDate.getTime(), step }, ["accountId"]);
    },
  };
}
