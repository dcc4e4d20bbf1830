import { accountNotFound, scope } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import { WEBHOOK_EVENT_KINDS } from "./event-kinds.js";
import { storedKinds } from "./kinds-of.js";
import { makeSecret } from "./secrets.js";
import type { Webhook } from "./webhook.js";
import { webhookUrl } from "./webhook-url.js";
import { withSecretEntity } from "./with-secret.js";

export const MAX_DESCRIPTION_LENGTH = 500;
const MAX_WEBHOOKS = 10;

/** The secret is in this answer alone: a repeat of the request shows the webhook without it. */
export function createWebhook(ports: Pick<Ports, "store" | "clock" | "ids" | "webhooks">): UseCases["createWebhook"] {
  const { store, clock, ids, webhooks: means } = ports;
  return idempotent(ports, "createWebhook", withSecretEntity(store), async (caller, input, claim) => {
    const scoped = scope(caller, "createWebhook", input.accountId);
    if (!scoped.ok) return scoped;
    if (means === undefined) return fail([rejection("WEBHOOKS_UNAVAILABLE")]);
    const url = webhookUrl(input.url, means.allowInsecure);
    if (!url.ok) return url;
    const kinds = storedKinds(input.kinds ?? WEBHOOK_EVENT_KINDS);
    if (!kinds.ok) return kinds;
    const text =
      input.description === undefined ? ok(undefined) : boundedText(input.description, MAX_DESCRIPTION_LENGTH, "description");
    if (!text.ok) return text;

    return store.transaction(async (tx) => {
      const now = clock.now();
      if (!(await tx.accounts.byId(scoped.value))) return fail(accountNotFound());
      if ((await tx.webhooks.count(scoped.value)) >= MAX_WEBHOOKS) {
        return fail([rejection("WEBHOOK_LIMIT_REACHED", `An account can have ${MAX_WEBHOOKS} webhooks.`)]);
      }
      const id = ids.next("whk");
      const { text: secret, secret: sealed } = makeSecret(means.sealer, id, now);
      const webhook: Webhook = {
        id,
        accountId: scoped.value,
        url: url.value,
        ...(text.value === undefined ? {} : { description: text.value }),
        ...kinds.value,
        createdAt: now,
        createdBy: caller.subject,
        secrets: [sealed],
      };
      await tx.webhooks.insert(webhook);
      await auditChange(tx, webhook, now, caller.subject, "was created.");
      await claim.complete(tx, { webhook });
      return ok({ webhook, secret });
    });
  });
}
