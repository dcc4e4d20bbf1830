import { permit } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import { TEST_TYPE } from "./event-kinds.js";
import { bodyOf } from "./message.js";
import { webhookForWrite } from "./webhook-for-write.js";

/** One message that is tried once, to a disabled webhook too: how its receiver does is seen in the delivery. */
export function sendTestWebhook(ports: Pick<Ports, "store" | "clock" | "ids" | "webhooks">): UseCases["sendTestWebhook"] {
  const { store, clock, ids, webhooks: means } = ports;
  return idempotent(ports, "sendTestWebhook", rowEntity(store.read.webhookDeliveries), async (caller, input, claim) => {
    const permitted = permit(caller, "sendTestWebhook");
    if (!permitted.ok) return permitted;
    if (means === undefined) return fail([rejection("WEBHOOKS_UNAVAILABLE")]);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const found = await webhookForWrite(tx, caller, "sendTestWebhook", input.webhookId);
      if (!found.ok) return found;
      const { id: webhookId, accountId } = found.value;
      const messageId = ids.next("msg");
      const delivery = await tx.webhookDeliveries.insert({
        accountId,
        webhookId,
        messageId,
        type: TEST_TYPE,
        body: bodyOf(TEST_TYPE, now, { accountId, eventId: messageId, webhookId }),
        createdAt: now,
      });
      await auditChange(tx, found.value, now, caller.subject, "was sent a test message.");
      await claim.complete(tx, delivery);
      return ok(delivery);
    });
  });
}
