import type { Ports } from "../ports/ports.js";
import type { WebhookDelivery } from "./webhook.js";

/** Attempts under way at once in one process. */
const MOST = 64;
const PER_WEBHOOK = 4;
const PER_ACCOUNT = 8;
/** The last places go to accounts that have no attempt under way: receivers that do not answer hold up nobody else's. */
const RESERVED = 16;

export interface ClaimRequest {
  /** What this process has under way. */
  readonly underWay: readonly Pick<WebhookDelivery, "webhookId" | "accountId">[];
  /** Another process may take it up after that: longer than any attempt. */
  readonly leaseMs: number;
}

/**
 * Takes deliveries whose time has come, so many that no webhook, no account and not all together have too many under way. Whoever
 * dies with one leaves it to others when the lease ends. A look that finds nothing takes no writer's turn.
 */
export function claimDeliveries({ store, clock }: Pick<Ports, "store" | "clock">) {
  return async ({ underWay, leaseMs }: ClaimRequest): Promise<readonly WebhookDelivery[]> => {
    const places = createPlaces(underWay);
    const now = clock.now();
    if (places.free() === 0) return [];
    const due = (await store.read.webhookDeliveries.due(now, places.free(), places.full())).filter(places.take);
    if (due.length === 0) return [];
    const until = new Date(now.getTime() + leaseMs);
    return store.transaction(async (tx) => {
      const held: WebhookDelivery[] = [];
      for (const delivery of due) {
        const { fence, tries } = delivery;
        const claimed = { ...delivery, nextAttemptAt: until, fence: fence + 1, tries: tries + 1 };
        if (await tx.webhookDeliveries.save(claimed, fence)) held.push(claimed);
      }
      return held;
    });
  };
}

type Place = Pick<WebhookDelivery, "webhookId" | "accountId">;

function createPlaces(underWay: readonly Place[]) {
  const webhooks = new Map<string, number>();
  const accounts = new Map<string, number>();
  let used = 0;
  const occupy = ({ webhookId, accountId }: Place): void => {
    used += 1;
    webhooks.set(webhookId, (webhooks.get(webhookId) ?? 0) + 1);
    accounts.set(accountId, (accounts.get(accountId) ?? 0) + 1);
  };
  for (const place of underWay) occupy(place);
  const accountLimit = () => (used >= MOST - RESERVED ? 1 : PER_ACCOUNT);
  const fullOnes = (counts: ReadonlyMap<string, number>, limit: number) =>
    [...counts].filter(([, count]) => count >= limit).map(([id]) => id);
  return {
    free: () => MOST - used,
    full: () => ({ webhooks: fullOnes(webhooks, PER_WEBHOOK), accounts: fullOnes(accounts, accountLimit()) }),
    /** True: there was a place for it, which is taken now. */
    take(place: Place): boolean {
      const hasPlace =
        used < MOST &&
        (webhooks.get(place.webhookId) ?? 0) < PER_WEBHOOK &&
        (accounts.get(place.accountId) ?? 0) < accountLimit();
      if (hasPlace) occupy(place);
      return hasPlace;
    },
  };
}
