import type { WebhookDeliveryState, WebhookDisabledReason } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int4, int8, json, optional, primary, text, word } from "./columns.js";

export interface WebhookRow {
  id: string;
  accountId: string;
  url: string;
  description: string | null;
  kinds: string | null;
  createdAt: number;
  createdBy: string;
  secrets: string;
  failingSince: number | null;
  disabledAt: number | null;
  disabledReason: WebhookDisabledReason | null;
}

export const WebhookRows = new EntitySchema<WebhookRow>({
  name: "webhook",
  columns: {
    id: primary(id),
    accountId: id,
    url: text,
    description: optional(text),
    kinds: optional(json),
    createdAt: int8,
    createdBy: text,
    secrets: json,
    failingSince: optional(int8),
    disabledAt: optional(int8),
    disabledReason: optional(word),
  },
});

export interface WebhookDeliveryRow {
  id: string;
  accountId: string;
  webhookId: string;
  messageId: string;
  type: string;
  body: string;
  createdAt: number;
  state: WebhookDeliveryState;
  /** Set while PENDING, and only then. */
  nextAttemptAt: number | null;
  finishedAt: number | null;
  tries: number;
  fence: number;
  attempts: string;
}

export const WebhookDeliveryRows = new EntitySchema<WebhookDeliveryRow>({
  name: "webhook_delivery",
  columns: {
    id: primary(id),
    accountId: id,
    webhookId: id,
    messageId: id,
    type: word,
    body: text,
    createdAt: int8,
    state: word,
    nextAttemptAt: optional(int8),
    finishedAt: optional(int8),
    tries: int4,
    fence: int4,
    attempts: json,
  },
});

/** The last step of the countdown that an account was told. */
export interface DeletionReminderRow {
  accountId: string;
  deletionDate: number;
  step: number;
}

export const DeletionReminderRows = new EntitySchema<DeletionReminderRow>({
  name: "deletion_reminder",
  columns: { accountId: primary(id), deletionDate: int8, step: int8 },
});
