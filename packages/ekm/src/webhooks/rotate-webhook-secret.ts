import { permit } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import { makeSecret, withSecret } from "./secrets.js";
import { webhookForWrite } from "./webhook-for-write.js";
import { withSecretEntity } from "./with-secret.js";

/** Messages are signed with the new secret at once, and with the former ones for a day, unless those are to end now. */
export function rotateWebhookSecret(ports: Pick<Ports, "store" | "clock" | "webhooks">): UseCases["rotateWebhookSecret"] {
  const { store, clock, webhooks: means } = ports;
  return idempotent(ports, "rotateWebhookSecret", withSecretEntity(store), async (caller, input, claim) => {
    const permitted = permit(caller, "rotateWebhookSecret");
    if (!permitted.ok) return permitted;
    if (means === undefined) return fail([rejection("WEBHOOKS_UNAVAILABLE")]);
    const endFormer = input.endFormer ?? false;

    return store.transaction(async (tx) => {
      const now = clock.now();
      const found = await webhookForWrite(tx, caller, "rotateWebhookSecret", input.webhookId);
      if (!found.ok) return found;
      const { text, secret } = makeSecret(means.sealer, found.value.id, now);
      const webhook = withSecret(found.value, secret, endFormer, now);
      await tx.webhooks.save(webhook);
      const former = endFormer ? "the former ones ended" : "the former one is valid for 24 hours more";
      await auditChange(tx, webhook, now, caller.subject, `has a new secret; ${former}.`);
      await claim.complete(tx, { webhook });
      return ok({ webhook, secret: text });
    });
  });
}
