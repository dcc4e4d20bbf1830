import type { DeliveryAttempt, SealedSecret, Webhook, WebhookDelivery, WebhookEventKind } from "@ekm/ekm";
import type { WebhookDeliveryRow, WebhookRow } from "../rows/webhook.js";
import { fromJson, fromMs, present, required, toJson, toMs } from "./values.js";

export const toWebhookRow = (webhook: Webhook): WebhookRow => ({
  id: webhook.id,
  accountId: webhook.accountId,
  url: webhook.url,
  description: webhook.description ?? null,
  kinds: toJson(webhook.kinds),
  createdAt: webhook.createdAt.getTime(),
  createdBy: webhook.createdBy,
  secrets: JSON.stringify(webhook.secrets.map(toStoredSecret)),
  failingSince: toMs(webhook.failingSince),
  disabledAt: toMs(webhook.disabled?.at),
  disabledReason: webhook.disabled?.reason ?? null,
});

export const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  accountId: row.accountId,
  url: row.url,
  createdAt: new Date(row.createdAt),
  createdBy: row.createdBy,
  secrets: required(fromJson<StoredSecret[]>(row.secrets), "secrets").map(fromStoredSecret),
  ...present({
    description: row.description,
    kinds: fromJson<WebhookEventKind[]>(row.kinds),
    failingSince: fromMs(row.failingSince),
    disabled:
      row.disabledAt === null ? null : { at: new Date(row.disabledAt), reason: required(row.disabledReason, "disabled_reason") },
  }),
});

/** JSON holds no dates: times in ms. */
interface StoredSecret {
  readonly sealed: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

const toStoredSecret = ({ sealed, createdAt, expiresAt }: SealedSecret): StoredSecret => ({
  sealed,
  createdAt: createdAt.getTime(),
  expiresAt: toMs(expiresAt),
});

const fromStoredSecret = ({ sealed, createdAt, expiresAt }: StoredSecret): SealedSecret => ({
  sealed,
  createdAt: new Date(createdAt),
  ...present({ expiresAt: fromMs(expiresAt) }),
});

type StoredAttempt = Omit<DeliveryAttempt, "at"> & { readonly at: number };

export const toDeliveryRow = (delivery: WebhookDelivery): WebhookDeliveryRow => ({
  id: delivery.id,
  accountId: delivery.accountId,
  webhookId: delivery.webhookId,
  messageId: delivery.messageId,
  type: delivery.type,
  body: delivery.body,
  createdAt: delivery.createdAt.getTime(),
  state: delivery.state,
  nextAttemptAt: toMs(delivery.nextAttemptAt),
  finishedAt: toMs(delivery.finishedAt),
  tries: delivery.tries,
  fence: delivery.fence,
  attempts: JSON.stringify(delivery.attempts.map((attempt): StoredAttempt => ({ ...attempt, at: attempt.at.getTime() }))),
});

export const toDelivery = (row: WebhookDeliveryRow): WebhookDelivery => ({
  id: row.id,
  accountId: row.accountId,
  webhookId: row.webhookId,
  messageId: row.messageId,
  type: row.type,
  body: row.body,
  createdAt: new Date(row.createdAt),
  state: row.state,
  tries: row.tries,
  fence: row.fence,
  attempts: required(fromJson<StoredAttempt[]>(row.attempts), "attempts").map((attempt) => ({
    ...attempt,
    at: new Date(attempt.at),
  })),
  ...present({ nextAttemptAt: fromMs(row.nextAttemptAt), finishedAt: fromMs(row.finishedAt) }),
});
