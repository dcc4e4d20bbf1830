import type { Caller } from "@ekm/ekm";
import { createRateLimit, type RateLimit } from "./rate-limit.js";

/** What one tenant may do in a minute at one process, by class of operation. */
export interface Rates {
  /** Queries. */
  readonly queries: number;
  /** Fields of mutations. */
  readonly mutations: number;
  /** Mutations that ask KMS for a key. */
  readonly probes: number;
  /** Subscriptions that begin. */
  readonly subscriptions: number;
  /** Documents that cannot be run: to find out costs more than a count. */
  readonly refusals: number;
}

export type RateLimits = { readonly [Class in keyof Rates]: RateLimit };

export const createRateLimits = (rates: Rates, monotonicMs: () => number): RateLimits => ({
  queries: createRateLimit(rates.queries, monotonicMs),
  mutations: createRateLimit(rates.mutations, monotonicMs),
  probes: createRateLimit(rates.probes, monotonicMs),
  subscriptions: createRateLimit(rates.subscriptions, monotonicMs),
  refusals: createRateLimit(rates.refusals, monotonicMs),
});

/** Who shares a limit: an account; without one, each subject has its own. */
export const tenantOf = ({ accountId, subject }: Caller): string => accountId ?? `subject:${subject}`;
