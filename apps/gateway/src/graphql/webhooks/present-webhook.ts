import { kindsOf, validSecrets, type Webhook, webhookStateOf } from "@ekm/ekm";
import type { WebhookView } from "./webhook.js";

/** Without its secrets, sealed or not. */
export function presentWebhook(webhook: Webhook, now: Date): WebhookView {
  const [current, former] = validSecrets(webhook, now);
  return {
    __typename: "Webhook",
    id: webhook.id,
    url: webhook.url,
    description: webhook.description ?? null,
    kinds: kindsOf(webhook),
    enabled: webhook.disabled === undefined,
    state: webhookStateOf(webhook),
    disabledReason: webhook.disabled?.reason ?? null,
    failingSince: webhook.failingSince ?? null,
    createdAt: webhook.createdAt,
    secretCreatedAt: current?.createdAt ?? webhook.createdAt,
    formerSecretValidUntil: former?.expiresAt ?? null,
  };
}
