import {
  WEBHOOK_DELIVERY_STATES,
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_EVENT_KINDS,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_STATES,
  type WebhookEventKind,
} from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

const typeOf = (kind: WebhookEventKind, told: string): string =>
  `${told} Messages have the type \`${WEBHOOK_EVENT_TYPES[kind]}\`.`;

export const WebhookEventKindEnum = enumOf("WebhookEventKind", WEBHOOK_EVENT_KINDS, "What a webhook can be told of.", {
  EKM_ACTIVATED: typeOf("EKM_ACTIVATED", "Support activated EKM for the account, or extended the activation."),
  EKM_ACTIVATION_WITHDRAWN: typeOf("EKM_ACTIVATION_WITHDRAWN", "Support withdrew the activation before it was used."),
  EKM_ACTIVATION_LAPSED: typeOf("EKM_ACTIVATION_LAPSED", "The activation was not used in time."),
  EKM_ENABLED: typeOf("EKM_ENABLED", "The customer's key protects the account from now on."),
  KEY_HEALTH_CHANGED: typeOf("KEY_HEALTH_CHANGED", "The state of the customer's key, or what is wrong with it, is another."),
  KEY_PENDING_DELETION: typeOf(
    "KEY_PENDING_DELETION",
    "AWS is about to delete the customer's key; told when it is seen, and at each step of a countdown, with the backups at risk.",
  ),
  ROTATION_CHANGED: typeOf("ROTATION_CHANGED", "A key rotation began, paused, went on or ended."),
  BACKUP_FAILED: typeOf("BACKUP_FAILED", "A backup failed."),
  RESTORE_FAILED: typeOf("RESTORE_FAILED", "A restore failed."),
  VERIFICATION_FAILED: typeOf("VERIFICATION_FAILED", "A verification failed."),
  KEYS_LOCKED: typeOf("KEYS_LOCKED", "The account's keys were locked on our side."),
  KEYS_UNLOCKED: typeOf("KEYS_UNLOCKED", "They were unlocked."),
});

export const WebhookStateEnum = enumOf("WebhookState", WEBHOOK_STATES, "How a webhook does.", {
  ACTIVE: "The last attempt, if there was any, succeeded.",
  FAILING: "No attempt has succeeded since `failingSince`.",
  DISABLED: "Nothing new is sent, for the reason in `disabledReason`.",
});

export const WebhookDisabledReasonEnum = enumOf(
  "WebhookDisabledReason",
  WEBHOOK_DISABLED_REASONS,
  "Why nothing new is sent to a webhook. `updateWebhook` with `enabled: true` begins anew.",
  {
    BY_ADMIN: "An administrator of the account disabled it.",
    GONE: "The receiver answered 410 Gone.",
    FAILING: "Nothing had arrived for five days, and a message had used up its attempts.",
  },
);

export const WebhookDeliveryStateEnum = enumOf("WebhookDeliveryState", WEBHOOK_DELIVERY_STATES, "What became of a message.", {
  PENDING: "It will be tried at `nextAttemptAt`, or is being tried.",
  DELIVERED: "The receiver answered 2xx.",
  FAILED: "It used up its attempts, or the webhook was disabled. `redeliverWebhook` tries again.",
});
