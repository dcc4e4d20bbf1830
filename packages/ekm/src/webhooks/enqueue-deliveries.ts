import type { AccountEvent } from "../events/event.js";
import type { Repositories } from "../ports/store.js";
import { kindsOf } from "./kinds-of.js";
import { composeMessage } from "./message.js";

/** Notes, in the transaction of the event, what each webhook of its account is to be sent: committed with it, or not at all. */
export async function enqueueDeliveries(tx: Repositories, event: AccountEvent): Promise<void> {
  const enabled = (await tx.webhooks.ofAccount(event.accountId)).filter(({ disabled }) => disabled === undefined);
  const message = enabled.length === 0 ? null : await composeMessage(tx, event);
  if (message === null) return;
  const { kind, id: messageId, type, body } = message;
  for (const webhook of enabled) {
    if (!kindsOf(webhook).includes(kind)) continue;
    const { accountId, at: createdAt } = event;
    await tx.webhookDeliveries.insert({ accountId, webhookId: webhook.id, messageId, type, body, createdAt });
  }
}
