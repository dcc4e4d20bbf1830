const MAX_BUCKETS = 10_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateLimit {
  /** 0: go on. Otherwise the milliseconds until the next one is allowed. */
  take(key: string): number;
}

/** A token bucket per key: a minute's worth at once, refilled evenly. Memory is bounded: the least recently used bucket goes first. */
export function createRateLimit(perMinute: number, monotonicMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / MINUTE_MS;
  return {
    take(key) {
      const at = monotonicMs();
      const before = buckets.get(key) ?? { tokens: perMinute, at };
      const tokens = Math.min(perMinute, before.tokens + (at - before.at) * perMs);
      const allowed = tokens >= 1;
      buckets.delete(key);
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
      return allowed ? 0 : Math.ceil((1 - tokens) / perMs);
    },
  };
}
