import type { Ports } from "../ports/ports.js";
import type { SendResult, WebhookMeans, WebhookSender } from "../ports/webhook-means.js";
import { giveBack, recordAttempt, type SettledAttempt } from "./record-attempt.js";
import { validSecrets } from "./secrets.js";
import { signedHeaders } from "./sign.js";
import type { Webhook, WebhookDelivery } from "./webhook.js";

export interface DeliveryPorts extends Pick<Ports, "store" | "clock"> {
  readonly webhooks: WebhookMeans;
  readonly sender: WebhookSender;
}

/**
 * Makes one attempt at a delivery that was claimed, and writes what came of it. When the signal aborts, the delivery is given back.
 * Throws StoreError only: the lease then ends and another attempt follows.
 */
export function deliverWebhook(ports: DeliveryPorts) {
  const { store, clock, sender } = ports;
  return async (delivery: WebhookDelivery, signal: AbortSignal): Promise<void> => {
    const webhook = await store.read.webhooks.byId(delivery.webhookId);
    // Deleted meanwhile, with its deliveries.
    if (webhook === null) return;
    const at = clock.now();
    const began = clock.monotonicMs();
    const secrets = openSecrets(ports, webhook, at);
    const result = secrets.length === 0 ? NO_SECRET : await sendSigned(delivery, webhook, secrets);
    const durationMs = Math.round(clock.monotonicMs() - began);
    await store.transaction((tx) =>
      result.kind === "stopped"
        ? giveBack(tx, delivery, clock.now())
        : recordAttempt(tx, delivery, settled(result, at, durationMs), clock.now()),
    );

    function sendSigned(
      { messageId, body }: WebhookDelivery,
      { url }: Webhook,
      keys: readonly Uint8Array[],
    ): Promise<SendResult> {
      return sender.send({ url, headers: signedHeaders({ id: messageId, at, body }, keys), body }, signal);
    }
  };
}

const NO_SECRET = {
  kind: "failed",
  error: "The signing secret could not be read. The cause is on our side; a new secret helps.",
} as const satisfies SendResult;

const openSecrets = ({ webhooks }: DeliveryPorts, webhook: Webhook, now: Date): readonly Uint8Array[] =>
  validSecrets(webhook, now).flatMap(({ sealed }) => webhooks.sealer.open(sealed, webhook.id) ?? []);

function settled(result: Exclude<SendResult, { kind: "stopped" }>, at: Date, durationMs: number): SettledAttempt {
  if (result.kind === "failed")
    return { attempt: { at, durationMs, error: result.error }, ours: result === NO_SECRET, retryAfterMs: 0 };
  const { statusCode, retryAfterMs = 0 } = result;
  const error = errorOf(statusCode);
  return { attempt: { at, durationMs, statusCode, ...(error === undefined ? {} : { error }) }, ours: false, retryAfterMs };
}

function errorOf(statusCode: number): string | undefined {
  if (statusCode >= 200 && statusCode < 300) return undefined;
  const why = statusCode >= 300 && statusCode < 400 ? "; redirects are not followed" : "";
  return `The receiver answered ${statusCode}${why}.`;
}
