/** What a webhook can be told of. */
export const WEBHOOK_EVENT_KINDS = [
  "EKM_ACTIVATED",
  "EKM_ACTIVATION_WITHDRAWN",
  "EKM_ACTIVATION_LAPSED",
  "EKM_ENABLED",
  "KEY_HEALTH_CHANGED",
  "KEY_PENDING_DELETION",
  "ROTATION_CHANGED",
  "BACKUP_FAILED",
  "RESTORE_FAILED",
  "VERIFICATION_FAILED",
  "KEYS_LOCKED",
  "KEYS_UNLOCKED",
] as const;
export type WebhookEventKind = (typeof WEBHOOK_EVENT_KINDS)[number];

/** The `type` of each kind's messages (Standard Webhooks: hierarchical, delimited by full stops). Receivers hold on to these. */
export const WEBHOOK_EVENT_TYPES = {
  EKM_ACTIVATED: "ekm.activated",
  EKM_ACTIVATION_WITHDRAWN: "ekm.activation_withdrawn",
  EKM_ACTIVATION_LAPSED: "ekm.activation_lapsed",
  EKM_ENABLED: "ekm.enabled",
  KEY_HEALTH_CHANGED: "ekm.key_health.changed",
  KEY_PENDING_DELETION: "ekm.key.pending_deletion",
  ROTATION_CHANGED: "ekm.rotation.changed",
  BACKUP_FAILED: "ekm.backup.failed",
  RESTORE_FAILED: "ekm.restore.failed",
  VERIFICATION_FAILED: "ekm.verification.failed",
  KEYS_LOCKED: "ekm.keys.locked",
  KEYS_UNLOCKED: "ekm.keys.unlocked",
} as const satisfies Readonly<Record<WebhookEventKind, string>>;

/** What the test button sends, whatever the webhook's kinds are. */
export const TEST_TYPE = "ekm.webhook.test";
