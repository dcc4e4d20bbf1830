export interface RetryBudget {
  /** To be told of every first attempt: it earns a part of a retry. */
  earn(id: string): void;
  /** True: one retry may be made, and is taken from the budget. */
  spend(id: string): boolean;
}

/** A full budget: enough for a short blip of an idle key. */
const CAPACITY = 10;
/** Retries earned by one call: in a long outage calls grow by a fifth, not threefold. */
const EARNED_PER_CALL = 0.2;
const MAX_IDS = 10_000;

/** A token bucket per id. Full buckets are forgotten; past 10,000 ids the longest untouched one is. */
export function createRetryBudget(): RetryBudget {
  const buckets = new Map<string, number>();
  const set = (id: string, tokens: number): void => {
    buckets.delete(id);
    if (tokens < CAPACITY) buckets.set(id, tokens);
    const oldest = buckets.size > MAX_IDS ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
  };
  return {
    earn(id) {
      const tokens = buckets.get(id);
      if (tokens !== undefined) set(id, tokens + EARNED_PER_CALL);
    },
    spend(id) {
      const tokens = buckets.get(id) ?? CAPACITY;
      if (tokens < 1) return false;
      set(id, tokens - 1);
      return true;
    },
  };
}
