import { permit, type Refusal, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Operation } from "../access/roles.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok } from "../errors/outcome.js";
import type { Repositories } from "../ports/store.js";
import type { Webhook, WebhookDelivery } from "./webhook.js";

/** The webhook that the caller may change; an unknown one and another tenant's both answer WEBHOOK_NOT_FOUND. */
export async function webhookForWrite(
  tx: Repositories,
  caller: Caller,
  operation: Operation,
  webhookId: string,
): Promise<Outcome<Webhook, Refusal>> {
  const permitted = permit(caller, operation);
  if (!permitted.ok) return permitted;
  const webhook = await tx.webhooks.byId(webhookId);
  return webhook && reaches(caller, operation, webhook.accountId)
    ? ok(webhook)
    : fail([rejection("WEBHOOK_NOT_FOUND", undefined, ["input", "webhookId"])]);
}

/** Likewise: WEBHOOK_DELIVERY_NOT_FOUND. */
export async function deliveryForWrite(
  tx: Repositories,
  caller: Caller,
  operation: Operation,
  deliveryId: string,
): Promise<Outcome<WebhookDelivery, Refusal>> {
  const permitted = permit(caller, operation);
  if (!permitted.ok) return permitted;
  const delivery = await tx.webhookDeliveries.byId(deliveryId);
  return delivery && reaches(caller, operation, delivery.accountId)
    ? ok(delivery)
    : fail([rejection("WEBHOOK_DELIVERY_NOT_FOUND", undefined, ["input", "deliveryId"])]);
}
