import type { Entity } from "../idempotency/entity.js";
import type { Store } from "../ports/store.js";
import type { Webhook } from "./webhook.js";

/** A webhook, and the secret that was made for it just now. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  /** `whsec_...`. Absent when the request is a repeat. */
  readonly secret?: string;
}

/** Found again without the secret: it is shown once. */
export const withSecretEntity = ({ read }: Pick<Store, "read">): Entity<WebhookWithSecret> => ({
  idOf: ({ webhook }) => webhook.id,
  accountIdOf: ({ webhook }) => webhook.accountId,
  async find(id) {
    const webhook = await read.webhooks.byId(id);
    return webhook && { webhook };
  },
});
