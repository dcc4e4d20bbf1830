import type { WebhookEventKind } from "./event-kinds.js";

/** An address of the customer's that is told what happens to its account, in signed messages (Standard Webhooks 1.0.0). */
export interface Webhook {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
  readonly description?: string;
  /** Absent: all, those that later versions add too. */
  readonly kinds?: readonly WebhookEventKind[];
  readonly createdAt: Date;
  readonly createdBy: string;
  /** Newest first, at most three. Messages are signed with each that has not expired. */
  readonly secrets: readonly SealedSecret[];
  /** When the first attempt failed since which none succeeded. */
  readonly failingSince?: Date;
  /** Nothing new is sent. */
  readonly disabled?: { readonly at: Date; readonly reason: WebhookDisabledReason };
}

/** GONE: the receiver answered 410. FAILING: nothing had arrived for five days, and one message had used up its attempts. */
export const WEBHOOK_DISABLED_REASONS = ["BY_ADMIN", "GONE", "FAILING"] as const;
export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number];

/** ACTIVE: the last attempt, if any, succeeded. FAILING: it did not. DISABLED: nothing new is sent. */
export const WEBHOOK_STATES = ["ACTIVE", "FAILING", "DISABLED"] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

export const webhookStateOf = ({ disabled, failingSince }: Webhook): WebhookState =>
  disabled !== undefined ? "DISABLED" : failingSince !== undefined ? "FAILING" : "ACTIVE";

/** A signing secret, encrypted (see SecretSealer) for this webhook alone. */
export interface SealedSecret {
  /** base64. */
  readonly sealed: string;
  readonly createdAt: Date;
  /** Set once a newer one took its place. */
  readonly expiresAt?: Date;
}

/** PENDING: to be tried, or being tried. FAILED: no attempt is left, or the webhook was disabled. */
export const WEBHOOK_DELIVERY_STATES = ["PENDING", "DELIVERED", "FAILED"] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

/** One message for one webhook, and what became of it. */
export interface WebhookDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly webhookId: string;
  /** The header `webhook-id`: the same at every attempt, and for every webhook that is told of the same event. */
  readonly messageId: string;
  readonly type: string;
  /** The JSON text that is sent, byte for byte, at every attempt. */
  readonly body: string;
  readonly createdAt: Date;
  readonly state: WebhookDeliveryState;
  /** Set while PENDING. While a worker tries it: when another may take it over. */
  readonly nextAttemptAt?: Date;
  readonly finishedAt?: Date;
  /** Attempts begun since it was made, or since it was asked for again. */
  readonly tries: number;
  /** Grows whenever somebody takes it up: what an earlier holder writes has no effect. */
  readonly fence: number;
  /** The latest twenty, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

export interface DeliveryAttempt {
  readonly at: Date;
  readonly durationMs: number;
  /** Absent: there was no answer. */
  readonly statusCode?: number;
  /** Why it did not succeed: a sentence of ours, never a part of the answer. */
  readonly error?: string;
}
