import { permit } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import { MAX_DESCRIPTION_LENGTH } from "./create-webhook.js";
import { disabledWebhook } from "./disable.js";
import { storedKinds } from "./kinds-of.js";
import { webhookForWrite } from "./webhook-for-write.js";
import { webhookUrl } from "./webhook-url.js";

/** Changes what is given. What waits goes to the new URL; disabling ends what waits, enabling begins anew. */
export function updateWebhook(ports: Pick<Ports, "store" | "clock" | "webhooks">): UseCases["updateWebhook"] {
  const { store, clock, webhooks: means } = ports;
  return idempotent(ports, "updateWebhook", rowEntity(store.read.webhooks), async (caller, input, claim) => {
    const permitted = permit(caller, "updateWebhook");
    if (!permitted.ok) return permitted;
    if (means === undefined) return fail([rejection("WEBHOOKS_UNAVAILABLE")]);
    const url = input.url === undefined ? ok(undefined) : webhookUrl(input.url, means.allowInsecure);
    if (!url.ok) return url;
    const kinds = input.kinds === undefined ? ok(undefined) : storedKinds(input.kinds);
    if (!kinds.ok) return kinds;
    const text =
      input.description === undefined ? ok(undefined) : boundedText(input.description, MAX_DESCRIPTION_LENGTH, "description");
    if (!text.ok) return text;

    return store.transaction(async (tx) => {
      const now = clock.now();
      const found = await webhookForWrite(tx, caller, "updateWebhook", input.webhookId);
      if (!found.ok) return found;
      const { kinds: formerKinds, failingSince, disabled, ...rest } = found.value;
      const isMoved = url.value !== undefined && url.value !== rest.url;
      const startsAnew = isMoved || input.enabled === true;
      const changed = {
        ...rest,
        ...(kinds.value ?? (formerKinds === undefined ? {} : { kinds: formerKinds })),
        ...(url.value === undefined ? {} : { url: url.value }),
        ...(text.value === undefined ? {} : { description: text.value }),
        ...(failingSince === undefined || startsAnew ? {} : { failingSince }),
        ...(disabled === undefined || input.enabled === true ? {} : { disabled }),
      };
      const isToBeDisabled = input.enabled === false && disabled === undefined;
      const webhook = isToBeDisabled ? await disabledWebhook(tx, changed, "BY_ADMIN", now) : changed;
      await tx.webhooks.save(webhook);
      await auditChange(tx, webhook, now, caller.subject, sentenceOf(input));
      await claim.complete(tx, webhook);
      return ok(webhook);
    });
  });
}

function sentenceOf({ url, kinds, description, enabled }: Parameters<UseCases["updateWebhook"]>[1]): string {
  const changed = [
    ...(url === undefined ? [] : ["URL"]),
    ...(kinds === undefined ? [] : ["kinds"]),
    ...(description === undefined ? [] : ["description"]),
    ...(enabled === undefined ? [] : [enabled ? "enabled" : "disabled"]),
  ];
  return `was changed: ${changed.length === 0 ? "nothing" : changed.join(", ")}.`;
}
