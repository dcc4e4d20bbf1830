import { permit } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import type { WebhookDelivery } from "./webhook.js";
import { deliveryForWrite, webhookForWrite } from "./webhook-for-write.js";

/** The same message again, under the same id, now and with a fresh set of attempts; to a disabled webhook too. */
export function redeliverWebhook(ports: Pick<Ports, "store" | "clock" | "webhooks">): UseCases["redeliverWebhook"] {
  const { store, clock, webhooks: means } = ports;
  return idempotent(ports, "redeliverWebhook", rowEntity(store.read.webhookDeliveries), async (caller, input, claim) => {
    const permitted = permit(caller, "redeliverWebhook");
    if (!permitted.ok) return permitted;
    if (means === undefined) return fail([rejection("WEBHOOKS_UNAVAILABLE")]);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const found = await deliveryForWrite(tx, caller, "redeliverWebhook", input.deliveryId);
      if (!found.ok) return found;
      const { finishedAt: _, ...former } = found.value;
      const webhook = await webhookForWrite(tx, caller, "redeliverWebhook", former.webhookId);
      if (!webhook.ok) return webhook;
      const delivery: WebhookDelivery = { ...former, state: "PENDING", nextAttemptAt: now, tries: 0, fence: former.fence + 1 };
      await tx.webhookDeliveries.save(delivery, former.fence);
      await auditChange(tx, webhook.value, now, caller.subject, `is to get ${former.type} (${former.messageId}) again.`);
      await claim.complete(tx, delivery);
      return ok(delivery);
    });
  });
}
