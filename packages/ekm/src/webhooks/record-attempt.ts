import { SYSTEM } from "../access/caller.js";
import type { Repositories } from "../ports/store.js";
import { auditChange } from "./audit-change.js";
import { disabledWebhook } from "./disable.js";
import { TEST_TYPE } from "./event-kinds.js";
import { pauseAfter } from "./retry-schedule.js";
import type { DeliveryAttempt, Webhook, WebhookDelivery } from "./webhook.js";

const ATTEMPTS_KEPT = 20;
const GONE = 410;
/** A webhook to which nothing got through for so long is disabled when a message has used up its attempts. */
const FAILING_MS = 5 * 24 * 3600 * 1000;

export interface SettledAttempt {
  /** Without an error: delivered. */
  readonly attempt: DeliveryAttempt;
  /** The receiver is not to blame. */
  readonly ours: boolean;
  readonly retryAfterMs: number;
}

/**
 * Writes an attempt: delivered; to be tried again later; or failed, which may disable the webhook. Nothing is written by a holder whose
 * lease has ended and whose delivery somebody else took up, or that was ended meanwhile.
 */
export async function recordAttempt(
  tx: Repositories,
  delivery: WebhookDelivery,
  { attempt, ours, retryAfterMs }: SettledAttempt,
  now: Date,
): Promise<void> {
  const { nextAttemptAt: _, ...rest } = delivery;
  const tried = { ...rest, attempts: [...rest.attempts, attempt].slice(-ATTEMPTS_KEPT) };
  const save = (ended: WebhookDelivery) => tx.webhookDeliveries.save(ended, delivery.fence);
  if (attempt.error === undefined) {
    if (await save({ ...tried, state: "DELIVERED", finishedAt: now })) await noteSuccess(tx, delivery.webhookId);
    return;
  }
  const isTest = delivery.type === TEST_TYPE;
  const isGone = attempt.statusCode === GONE;
  const pause = isTest || isGone ? null : pauseAfter(delivery.tries, retryAfterMs);
  const saved = await save(
    pause === null
      ? { ...tried, state: "FAILED", finishedAt: now }
      : { ...tried, nextAttemptAt: new Date(now.getTime() + pause) },
  );
  if (saved && !isTest && !ours)
    await noteFailure(tx, delivery.webhookId, { at: attempt.at, isGone, isLast: pause === null }, now);
}

/** It may or may not have arrived: the same attempt is made again. */
export async function giveBack(tx: Repositories, delivery: WebhookDelivery, now: Date): Promise<void> {
  await tx.webhookDeliveries.save({ ...delivery, nextAttemptAt: now, tries: delivery.tries - 1 }, delivery.fence);
}

async function noteSuccess(tx: Repositories, webhookId: string): Promise<void> {
  const webhook = await tx.webhooks.byId(webhookId);
  if (webhook?.failingSince === undefined) return;
  const { failingSince: _, ...sound } = webhook;
  await tx.webhooks.save(sound);
}

interface Failure {
  readonly at: Date;
  readonly isGone: boolean;
  /** The message has used up its attempts. */
  readonly isLast: boolean;
}

async function noteFailure(tx: Repositories, webhookId: string, { at, isGone, isLast }: Failure, now: Date): Promise<void> {
  const webhook = await tx.webhooks.byId(webhookId);
  if (webhook === null || webhook.disabled !== undefined) return;
  const failingSince = webhook.failingSince ?? at;
  const failing: Webhook = { ...webhook, failingSince };
  const isHopeless = isLast && now.getTime() - failingSince.getTime() >= FAILING_MS;
  if (isGone || isHopeless) {
    await tx.webhooks.save(await disabledWebhook(tx, failing, isGone ? "GONE" : "FAILING", now));
    const why = isGone ? "its receiver answered 410 Gone" : "nothing had arrived for five days";
    await auditChange(tx, failing, now, SYSTEM.subject, `was disabled: ${why}.`);
  } else if (webhook.failingSince === undefined) await tx.webhooks.save(failing);
}
