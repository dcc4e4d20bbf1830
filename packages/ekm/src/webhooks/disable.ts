import type { Repositories } from "../ports/store.js";
import type { Webhook, WebhookDisabledReason } from "./webhook.js";

/** The webhook disabled, and what waited for it ended. The caller saves and audits it, in the same transaction. */
export async function disabledWebhook(
  tx: Repositories,
  webhook: Webhook,
  reason: WebhookDisabledReason,
  at: Date,
): Promise<Webhook> {
  await tx.webhookDeliveries.failPending(webhook.id, at);
  return { ...webhook, disabled: { at, reason } };
}
