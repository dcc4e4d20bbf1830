const MAX_BUCKETS = 10_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateLimit {
  /** 0: go on. Otherwise the milliseconds until so many are allowed; nothing is taken then. */
  take(key: string, count?: number): number;
  /** As `take`, and takes nothing in any case. */
  wait(key: string, count?: number): number;
}

/**
 * A token bucket per key: a minute's worth at once, refilled evenly. Asking for more than a minute's worth takes all of it. Memory is
 * bounded: the least recently used bucket goes first.
 */
export function createRateLimit(perMinute: number, monotonicMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / MINUTE_MS;

  const left = (key: string, at: number): number => {
    const { tokens, at: then } = buckets.get(key) ?? { tokens: perMinute, at };
    return Math.min(perMinute, tokens + (at - then) * perMs);
  };
  const waitFor = (tokens: number, count: number): number => {
    const wanted = Math.min(count, perMinute);
    return tokens >= wanted ? 0 : Math.ceil((wanted - tokens) / perMs);
  };

  return {
    take(key, count = 1) {
      const at = monotonicMs();
      const tokens = left(key, at);
      const waitMs = waitFor(tokens, count);
      buckets.delete(key);
      buckets.set(key, { tokens: waitMs === 0 ? tokens - Math.min(count, perMinute) : tokens, at });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
      return waitMs;
    },
    wait: (key, count = 1) => waitFor(left(key, monotonicMs()), count),
  };
}
