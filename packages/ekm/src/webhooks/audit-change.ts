import type { Repositories } from "../ports/store.js";
import type { Webhook } from "./webhook.js";

/** Notes what was done to a webhook. The host alone is named: a receiver's path may be a secret of its own. */
export async function auditChange(tx: Repositories, webhook: Webhook, at: Date, actor: string, what: string): Promise<void> {
  await tx.audit.append(webhook.accountId, at, {
    actor,
    action: "WEBHOOK_CHANGED",
    outcome: "DONE",
    subject: webhook.id,
    detail: `The webhook to ${new URL(webhook.url).host} ${what}`,
    awsRequestIds: [],
  });
}
