import type { WebhookDelivery } from "@ekm/ekm";
import type { WebhookDeliveryView } from "./webhook-delivery.js";

export const presentWebhookDelivery = (delivery: WebhookDelivery): WebhookDeliveryView => ({
  __typename: "WebhookDelivery",
  id: delivery.id,
  messageId: delivery.messageId,
  type: delivery.type,
  state: delivery.state,
  createdAt: delivery.createdAt,
  nextAttemptAt: delivery.nextAttemptAt ?? null,
  finishedAt: delivery.finishedAt ?? null,
  attempts: delivery.attempts.map(({ at, durationMs, statusCode, error }) => ({
    at,
    durationMs,
    statusCode: statusCode ?? null,
    error: error ?? null,
  })),
  body: delivery.body,
});
