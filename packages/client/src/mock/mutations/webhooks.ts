import type {
  CreateWebhookInput,
  RedeliverWebhookInput,
  RotateWebhookSecretInput,
  UpdateWebhookInput,
  WebhookInput,
} from "../../generated/operations.js";
import { addDelivery, addWebhook } from "../fixtures.js";
import { presentWebhook } from "../present.js";
import { type AccountRecord, DAY, note, type WebhookRecord, type World } from "../world.js";
import { type DefineMutation, done, type Payload, refused } from "./mutation.js";

const SECRET = "whsec_bW9jay1zZWNyZXQtb2YtdGhlLW1vY2s=";
const MOST = 10;

const isAcceptable = (url: string): boolean => url.startsWith("https://") && URL.canParse(url);

export function webhookMutations(world: World, define: DefineMutation) {
  const onWebhook = <Input extends { readonly webhookId: string }>(
    name: string,
    run: (webhook: WebhookRecord, input: Input, account: AccountRecord) => Payload,
  ) =>
    define(name, (input: Input) => {
      for (const account of world.accounts) {
        const webhook = account.webhooks.find(({ id }) => id === input.webhookId);
        if (webhook !== undefined) return run(webhook, input, account);
      }
      return refused("WEBHOOK_NOT_FOUND", ["input", "webhookId"]);
    });

  /** Arrives with the next step. */
  function deliver(webhook: WebhookRecord, type: string) {
    const delivery = addDelivery(world, webhook, "PENDING", type);
    world.works.add(() => {
      const attempt = { at: world.time(), durationMs: 80, statusCode: 204, error: null };
      const attempts = [...delivery.attempts, attempt];
      Object.assign(delivery, { state: "DELIVERED", nextAttemptAt: null, finishedAt: world.time(), attempts });
      return true;
    });
    return delivery;
  }

  return {
    createWebhook: define("createWebhook", ({ accountId, url, description = null, kinds }: CreateWebhookInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      if (!isAcceptable(url)) return refused("WEBHOOK_URL_REFUSED", ["input", "url"]);
      if (account.webhooks.length >= MOST) return refused("WEBHOOK_LIMIT_REACHED");
      const at = world.time();
      const webhook = addWebhook(world, account, {
        url,
        description,
        createdAt: at,
        secretCreatedAt: at,
        ...(kinds != null && { kinds }),
      });
      note(world, account, "WEBHOOK_CHANGED", "A webhook was created.", { subject: webhook.id });
      return done({ webhook: presentWebhook(webhook), secret: SECRET });
    }),

    updateWebhook: onWebhook("updateWebhook", (webhook, { url, description, kinds, enabled }: UpdateWebhookInput, account) => {
      if (url != null && !isAcceptable(url)) return refused("WEBHOOK_URL_REFUSED", ["input", "url"]);
      Object.assign(webhook, url != null && { url }, description != null && { description }, kinds != null && { kinds });
      if (enabled === true) Object.assign(webhook, { enabled, state: "ACTIVE", disabledReason: null, failingSince: null });
      if (enabled === false) Object.assign(webhook, { enabled, state: "DISABLED", disabledReason: "BY_ADMIN" });
      note(world, account, "WEBHOOK_CHANGED", "A webhook was changed.", { subject: webhook.id });
      return done({ webhook: presentWebhook(webhook) });
    }),

    deleteWebhook: onWebhook("deleteWebhook", (webhook, _input: WebhookInput, account) => {
      account.webhooks.splice(account.webhooks.indexOf(webhook), 1);
      note(world, account, "WEBHOOK_CHANGED", "A webhook was deleted.", { subject: webhook.id });
      return done({ deletedWebhookId: webhook.id });
    }),

    rotateWebhookSecret: onWebhook("rotateWebhookSecret", (webhook, { endFormer }: RotateWebhookSecretInput) => {
      Object.assign(webhook, {
        secretCreatedAt: world.time(),
        formerSecretValidUntil: endFormer === true ? null : world.time(-DAY),
      });
      return done({ webhook: presentWebhook(webhook), secret: SECRET });
    }),

    sendTestWebhook: onWebhook("sendTestWebhook", (webhook, _input: WebhookInput) =>
      done({ delivery: deliver(webhook, "ekm.test") }),
    ),

    redeliverWebhook: define("redeliverWebhook", ({ deliveryId }: RedeliverWebhookInput) => {
      const webhooks = world.accounts.flatMap((account) => account.webhooks);
      const webhook = webhooks.find(({ deliveries }) => deliveries.some(({ id }) => id === deliveryId));
      const former = webhook?.deliveries.find(({ id }) => id === deliveryId);
      if (webhook === undefined || former === undefined) return refused("WEBHOOK_DELIVERY_NOT_FOUND", ["input", "deliveryId"]);
      return done({ delivery: deliver(webhook, former.type) });
    }),
  };
}
