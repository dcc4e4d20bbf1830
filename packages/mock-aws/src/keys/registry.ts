import type { SimulatedClock } from "../clock.js";
import type { EventLog } from "../front/events.js";
import type { KeyCondition, KeyRecord } from "./key.js";

/** Every KMS key, of all accounts and Regions. Its material is the upstream's. */
export class KeyRegistry {
  readonly #byArn = new Map<string, KeyRecord>();
  readonly #byRegionAndId = new Map<string, KeyRecord>();

  constructor(
    private readonly clock: SimulatedClock,
    private readonly events: EventLog,
    private readonly wentWithItsOwner: (accountId: string, createdAt: number) => boolean,
  ) {}

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

  /** As callers see the key now; `stale`: as it was before its last change. */
  visible(key: KeyRecord, stale = false): KeyCondition {
    const unseen = stale || this.clock.now() < key.visibleAt;
    return this.#expired((unseen ? key.previous : null) ?? key.condition, key);
  }

  /** As its owner left it, whether or not callers see it yet. */
  latest(key: KeyRecord): KeyCondition {
    return this.#expired(key.condition, key);
  }

  /**
   * Answers when callers see it: milliseconds on the wall clock. What is asked for again may only become
   * visible sooner.
   */
  change(key: KeyRecord, patch: Partial<KeyCondition>, change: string, visibleAfterMs = 0): number {
    const now = this.clock.now();
    const next = { ...this.latest(key), ...patch };
    if (!same(next, key.condition)) {
      key.previous = this.visible(key);
      key.condition = next;
      key.visibleAt = now + visibleAfterMs;
    } else if (now + visibleAfterMs < key.visibleAt) {
      key.visibleAt = now + visibleAfterMs;
    }
    const effectiveAt = this.clock.wall() + visibleAfterMs;
    this.events.change({ subject: "key", id: key.arn, change, state: next.state, effectiveAt });
    return effectiveAt;
  }

  clear(): void {
    this.#byArn.clear();
    this.#byRegionAndId.clear();
  }

  #expired(condition: KeyCondition, { accountId, createdAt }: KeyRecord): KeyCondition {
    const due = condition.deletionDate !== null && this.clock.now() >= condition.deletionDate;
    return due || this.wentWithItsOwner(accountId, createdAt) ? { ...condition, state: "Deleted" } : condition;
  }
}

function same(a: KeyCondition, b: KeyCondition): boolean {
  return (Object.keys(a) as (keyof KeyCondition)[]).every((field) =>
    field === "policy" ? a.policy.text === b.policy.text : a[field] === b[field],
  );
}
