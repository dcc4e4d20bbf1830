import { type Denied, permit, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import { type Outcome, ok } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import type { Webhook } from "../webhooks/webhook.js";
import { bounded, listing } from "./listing.js";
import type { Queries } from "./queries.js";
import type { Within } from "./rotation-queries.js";

type WebhookQueries = Pick<Queries, "webhook" | "webhooks" | "webhookDeliveries">;

export function webhookQueries({ store }: Pick<Ports, "store">, within: Within): WebhookQueries {
  const { webhooks, webhookDeliveries } = store.read;

  const webhook = async (caller: Caller, id: string): Promise<Outcome<Webhook | null, Denied>> => {
    const permitted = permit(caller, "account");
    if (!permitted.ok) return permitted;
    const found = await webhooks.byId(id);
    return ok(found && reaches(caller, "account", found.accountId) ? found : null);
  };

  return {
    webhook,
    webhooks: (caller, accountId, request) =>
      within(caller, accountId, async ({ id }) => listing(await webhooks.page(id, bounded(request)), () => webhooks.count(id))),
    async webhookDeliveries(caller, webhookId, request, filter) {
      const found = await webhook(caller, webhookId);
      if (!found.ok) return found;
      // Nothing of a webhook that is unknown or another tenant's.
      if (found.value === null) return ok(listing({ items: [], hasNextPage: false }, async () => 0n));
      const page = await webhookDeliveries.page(webhookId, bounded(request), filter);
      return ok(listing(page, () => webhookDeliveries.count(webhookId, filter)));
    },
  };
}
