import type { ClaimRequest, Clock, WebhookDelivery } from "@ekm/ekm";
import type { Logger } from "pino";

export interface DeliveryLoopContext {
  readonly claim: (request: ClaimRequest) => Promise<readonly WebhookDelivery[]>;
  readonly deliver: (delivery: WebhookDelivery, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly shutdown: AbortSignal;
}

export interface DeliveryLoopOptions {
  readonly leaseMs: number;
  readonly idleMs: number;
}

const RETRY_MS = 1_000;

/** Claims what is due and attempts it, until shutdown; returns when the attempts under way have ended or given back what they held. */
export async function deliveryLoop(context: DeliveryLoopContext, { leaseMs, idleMs }: DeliveryLoopOptions): Promise<void> {
  const { claim, clock, log, shutdown } = context;
  const underWay = new Map<Promise<void>, WebhookDelivery>();
  while (!shutdown.aborted) {
    let claimed: readonly WebhookDelivery[] = [];
    try {
      claimed = await claim({ underWay: [...underWay.values()], leaseMs });
    } catch (error) {
      log.warn({ err: error }, "cannot claim webhook deliveries now; trying again");
      await clock.sleep(RETRY_MS, shutdown);
      continue;
    }
    for (const delivery of claimed) {
      const attempt: Promise<void> = attemptOne(context, delivery).finally(() => underWay.delete(attempt));
      underWay.set(attempt, delivery);
    }
    if (claimed.length === 0) await Promise.race([clock.sleep(idleMs, shutdown), ...underWay.keys()]);
  }
  await Promise.all(underWay.keys());
}

/** What throws met a bug or lost the database: the lease ends, and another attempt follows. The URL is not logged: it may be a secret. */
async function attemptOne({ deliver, log, shutdown }: DeliveryLoopContext, delivery: WebhookDelivery): Promise<void> {
  const { id: deliveryId, webhookId, accountId, type, tries } = delivery;
  try {
    await deliver(delivery, shutdown);
    log.debug({ deliveryId, webhookId, accountId, type, tries }, "webhook attempted");
  } catch (error) {
    log.error({ err: error, deliveryId, webhookId, accountId }, "a webhook's attempt failed inside");
  }
}
