import type { SimulatedClock } from "../clock.js";
import type { EventLog } from "../front/events.js";
import type { KeyCondition, KeyRecord } from "./key.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface KeyRegistryOptions {
  readonly clock: SimulatedClock;
  readonly events: EventLog;
  /** Whether a key of that account, created then, went with the account. */
  wentWithItsOwner(accountId: string, createdAt: number): boolean;
  /** Whether keys in that custom key store can be reached. */
  storeIsConnected(storeId: string): boolean;
}

/** Every KMS key, of all accounts and Regions. Its material is the upstream's. */
export class KeyRegistry {
  readonly #byArn = new Map<string, KeyRecord>();
  readonly #byRegionAndId = new Map<string, KeyRecord>();

  constructor(private readonly options: KeyRegistryOptions) {}

  add(key: KeyRecord): void {
    this.#byArn.set(key.arn, key);
    this.#byRegionAndId.set(`${key.region}/${key.id}`, key);
  }

  /** Also a deleted one: ask `visible` or `latest` for its state. */
  find(arn: string): KeyRecord | undefined {
    return this.#byArn.get(arn);
  }

  findInRegion(region: string, id: string): KeyRecord | undefined {
    return this.#byRegionAndId.get(`${region}/${id}`);
  }

  list(): KeyRecord[] {
    return [...this.#byArn.values()];
  }

  /** The caller's own that exist in the Region, in order of creation. */
  living(accountId: string, region: string): KeyRecord[] {
    return this.list().filter(
      (key) => key.accountId === accountId && key.region === region && this.visible(key).state !== "Deleted",
    );
  }

  /** The multi-Region keys that share the id and the material, without the key itself and without deleted ones. */
  related(key: KeyRecord): KeyRecord[] {
    if (!key.multiRegion) return [];
    return this.list().filter(
      (other) =>
        other !== key && other.id === key.id && other.accountId === key.accountId && this.visible(other).state !== "Deleted",
    );
  }

  /** As callers see the key now; `stale`: as it was before its last change. */
  visible(key: KeyRecord, stale = false): KeyCondition {
    return this.#atThisTime(this.#seen(key, stale), key);
  }

  /** As its owner left it, whether or not callers see it yet. */
  latest(key: KeyRecord): KeyCondition {
    return this.#atThisTime(key.condition, key);
  }

  /**
   * Answers when callers see it: milliseconds on the wall clock. What is asked for again may only become
   * visible sooner.
   */
  change(key: KeyRecord, patch: Partial<KeyCondition>, change: string, visibleAfterMs = 0): number {
    const { clock, events } = this.options;
    const now = clock.now();
    const next = { ...key.condition, ...patch };
    if (!same(next, key.condition)) {
      key.previous = this.#seen(key, false);
      key.condition = next;
      key.visibleAt = now + visibleAfterMs;
    } else if (now + visibleAfterMs < key.visibleAt) {
      key.visibleAt = now + visibleAfterMs;
    }
    const effectiveAt = clock.wall() + visibleAfterMs;
    events.change({ subject: "key", id: key.arn, change, state: next.state, effectiveAt });
    return effectiveAt;
  }

  clear(): void {
    this.#byArn.clear();
    this.#byRegionAndId.clear();
  }

  #seen(key: KeyRecord, stale: boolean): KeyCondition {
    const unseen = stale || this.options.clock.now() < key.visibleAt;
    return (unseen ? key.previous : null) ?? key.condition;
  }

  /** What time, the owner's account, replicas and the key store make of a condition. */
  #atThisTime(condition: KeyCondition, key: KeyRecord): KeyCondition {
    const now = this.options.clock.now();
    if (this.options.wentWithItsOwner(key.accountId, key.createdAt)) return { ...condition, state: "Deleted" };
    const pending = condition.state === "PendingReplicaDeletion" ? this.#afterReplicas(condition, key) : condition;
    if (pending.deletionDate !== null && now >= pending.deletionDate) return { ...pending, state: "Deleted" };
    if (pending.state !== "Enabled" && pending.state !== "Disabled") return pending;
    if (key.imported?.validTo != null && now >= key.imported.validTo) return { ...pending, state: "PendingImport" };
    const unreachable = key.customKeyStoreId !== null && !this.options.storeIsConnected(key.customKeyStoreId);
    return unreachable ? { ...pending, state: "Unavailable" } : pending;
  }

  /** A primary waits for its last replica to go, then for its own window. */
  #afterReplicas(condition: KeyCondition, key: KeyRecord): KeyCondition {
    if (condition.pendingWindowDays === null || this.related(key).length > 0) return condition;
    const gone = this.list().filter((other) => other !== key && other.id === key.id);
    const lastWent = Math.max(0, ...gone.map((other) => other.condition.deletionDate ?? 0));
    return { ...condition, state: "PendingDeletion", deletionDate: lastWent + condition.pendingWindowDays * DAY_MS };
  }
}

function same(a: KeyCondition, b: KeyCondition): boolean {
  return (Object.keys(a) as (keyof KeyCondition)[]).every((field) =>
    field === "policy" ? a.policy.text === b.policy.text : a[field] === b[field],
  );
}
