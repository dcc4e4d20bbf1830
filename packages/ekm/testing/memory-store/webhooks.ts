import type {
  DeletionReminderRepository,
  DeliveryFilter,
  WebhookDeliveryRepository,
  WebhookRepository,
} from "../../src/ports/webhook-store.js";
import type { WebhookDelivery } from "../../src/webhooks/webhook.js";
import { insertRow, ownedBy, pageOf } from "./rows.js";
import type { Tables } from "./state.js";

export const memoryWebhooks = ({ read, write }: Tables): WebhookRepository => ({
  async byId(id) {
    return read().webhooks.get(id) ?? null;
  },
  async ofAccount(accountId) {
    return ownedBy(read().webhooks, accountId).sort((a, b) => (a.id < b.id ? -1 : 1));
  },
  async page(accountId, request) {
    return pageOf(ownedBy(read().webhooks, accountId), request);
  },
  async count(accountId) {
    return BigInt(ownedBy(read().webhooks, accountId).length);
  },
  async insert(webhook) {
    insertRow(write().webhooks, webhook);
  },
  async save(webhook) {
    if (read().webhooks.has(webhook.id)) write().webhooks.set(webhook.id, webhook);
  },
  async delete(id) {
    const { webhooks, webhookDeliveries } = write();
    webhooks.delete(id);
    for (const [key, { webhookId }] of webhookDeliveries) if (webhookId === id) webhookDeliveries.delete(key);
  },
});

const byTime =
  (timeOf: (delivery: WebhookDelivery) => Date | undefined) =>
  (a: WebhookDelivery, b: WebhookDelivery): number =>
    (timeOf(a)?.getTime() ?? 0) - (timeOf(b)?.getTime() ?? 0) || (a.id < b.id ? -1 : 1);

export function memoryWebhookDeliveries({ read, write, ids }: Tables): WebhookDeliveryRepository {
  const matching = (webhookId: string, { state }: DeliveryFilter) =>
    [...read().webhookDeliveries.values()].filter(
      (delivery) => delivery.webhookId === webhookId && (state === undefined || delivery.state === state),
    );
  return {
    async byId(id) {
      return read().webhookDeliveries.get(id) ?? null;
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
      insertRow(write().webhookDeliveries, delivery);
      return delivery;
    },
    async page(webhookId, request, filter) {
      return pageOf(matching(webhookId, filter), request);
    },
    async count(webhookId, filter) {
      return BigInt(matching(webhookId, filter).length);
    },
    async due(now, limit, { webhooks, accounts }) {
      return [...read().webhookDeliveries.values()]
        .filter(
          ({ nextAttemptAt, webhookId, accountId }) =>
            nextAttemptAt !== undefined && nextAttemptAt <= now && !webhooks.includes(webhookId) && !accounts.includes(accountId),
        )
        .sort(byTime(({ nextAttemptAt }) => nextAttemptAt))
        .slice(0, limit);
    },
    async save(delivery, fence) {
      const { webhookDeliveries } = write();
      const stored = webhookDeliveries.get(delivery.id);
      if (stored?.fence !== fence) return false;
      webhookDeliveries.set(delivery.id, delivery);
      return true;
    },
    async failPending(webhookId, at) {
      for (const { nextAttemptAt: _, ...delivery } of matching(webhookId, { state: "PENDING" })) {
        const failed = { ...delivery, state: "FAILED", finishedAt: at, fence: delivery.fence + 1 } as const;
        write().webhookDeliveries.set(delivery.id, failed);
      }
    },
    async deleteBefore(before, limit) {
      const old = [...read().webhookDeliveries.values()]
        .filter(({ finishedAt }) => finishedAt !== undefined && finishedAt < before)
        .sort(byTime(({ finishedAt }) => finishedAt))
        .slice(0, limit);
      for (const { id } of old) write().webhookDeliveries.delete(id);
      return old.length;
    },
  };
}

export const memoryDeletionReminders = ({ read, write }: Tables): DeletionReminderRepository => ({
  async pending(after, limit) {
    const placeOf = (deletionDate: Date | undefined, accountId: string) => [deletionDate?.getTime() ?? 0, accountId] as const;
    const [afterDate, afterAccount] = placeOf(after.deletionDate, after.accountId);
    return [...read().health.values()]
      .filter(({ deletionDate, accountId }) => {
        const [date, account] = placeOf(deletionDate, accountId);
        return deletionDate !== undefined && (date > afterDate || (date === afterDate && account > afterAccount));
      })
      .sort((a, b) => {
        const [[dateA, accountA], [dateB, accountB]] = [
          placeOf(a.deletionDate, a.accountId),
          placeOf(b.deletionDate, b.accountId),
        ];
        return dateA - dateB || (accountA < accountB ? -1 : 1);
      })
      .slice(0, limit);
  },
  async of(accountId) {
    return read().deletionReminders.get(accountId) ?? null;
  },
  async put(reminder) {
    write().deletionReminders.set(reminder.accountId, reminder);
  },
});
