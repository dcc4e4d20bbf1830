import type { KeyHealth } from "../health/health.js";
import type { Webhook, WebhookDelivery, WebhookDeliveryState } from "../webhooks/webhook.js";
import type { Page, PageRequest } from "./store.js";

export interface WebhookRepository {
  byId(id: string): Promise<Webhook | null>;
  /** All of an account, oldest first. They are few. */
  ofAccount(accountId: string): Promise<readonly Webhook[]>;
  /** Newest first. */
  page(accountId: string, request: PageRequest): Promise<Page<Webhook>>;
  count(accountId: string): Promise<bigint>;
  insert(webhook: Webhook): Promise<void>;
  /** Writes all fields. Inside the transaction that read it. */
  save(webhook: Webhook): Promise<void>;
  /** With its deliveries. */
  delete(id: string): Promise<void>;
}

export interface DeliveryFilter {
  readonly state?: WebhookDeliveryState;
}

export interface WebhookDeliveryRepository {
  byId(id: string): Promise<WebhookDelivery | null>;
  /** Gives it an id. PENDING, due at `createdAt`. */
  insert(
    delivery: Pick<WebhookDelivery, "accountId" | "webhookId" | "messageId" | "type" | "body" | "createdAt">,
  ): Promise<WebhookDelivery>;
  /** Newest first. */
  page(webhookId: string, request: PageRequest, filter: DeliveryFilter): Promise<Page<WebhookDelivery>>;
  count(webhookId: string, filter: DeliveryFilter): Promise<bigint>;
  /** PENDING ones whose time has come, the longest due first, of no webhook and no account that is named. */
  due(
    now: Date,
    limit: number,
    notOf: { readonly webhooks: readonly string[]; readonly accounts: readonly string[] },
  ): Promise<readonly WebhookDelivery[]>;
  /** Writes state, times, tries, fence and attempts if the stored fence is still `fence`. False: somebody took it up, or it is gone. */
  save(delivery: WebhookDelivery, fence: number): Promise<boolean>;
  /** Makes every PENDING one of a webhook FAILED; what its holder still writes has no effect. */
  failPending(webhookId: string, at: Date): Promise<void>;
  /** Removes those that ended before then, oldest first. Returns how many. */
  deleteBefore(before: Date, limit: number): Promise<number>;
}

/** How far an account has been reminded that its key is about to be deleted. */
export interface DeletionReminder {
  readonly accountId: string;
  readonly deletionDate: Date;
  /** The step of the countdown that was told last: milliseconds before the deletion. */
  readonly step: number;
}

export interface DeletionReminderRepository {
  /** Health of keys with a deletion date after `deletionDate` (or at it, of accounts after `accountId`), in this order. */
  pending(after: { readonly deletionDate: Date; readonly accountId: string }, limit: number): Promise<readonly KeyHealth[]>;
  of(accountId: string): Promise<DeletionReminder | null>;
  put(reminder: DeletionReminder): Promise<void>;
}
