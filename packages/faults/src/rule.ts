/** What a fault does to a call. `delay` (no `effect` and no `error`, only a latency) lets the call through, later. */
export const EFFECT_NAMES = ["error", "reset", "black-hole", "truncate", "html", "wrong-key", "stale"] as const;
export type RuleEffect = (typeof EFFECT_NAMES)[number];
export type EffectName = RuleEffect | "delay";

/** `statusCode` 400-599; `message` up to 1024 characters. */
export interface FaultError {
  readonly statusCode: number;
  readonly code: string;
  readonly message?: string;
}

/**
 * A rule in the shape of LocalStack's Chaos API (service, region, operation, probability, error), with additions. A field
 * that is absent matches every call. `probability` 0-1, default 1; times in milliseconds, counted from the moment the rule
 * was added; `count` is how often it may fire.
 */
export interface FaultRule {
  readonly service?: string;
  readonly region?: string;
  readonly operation?: string;
  readonly probability?: number;
  readonly error?: FaultError;
  readonly keyArn?: string;
  /** The account that owns the key. */
  readonly accountId?: string;
  readonly callerAccountId?: string;
  readonly latencyMs?: number;
  /** Added to `latencyMs`: evenly between 0 and this. */
  readonly jitterMs?: number;
  readonly count?: number;
  readonly durationMs?: number;
  readonly effect?: RuleEffect;
}

/** LocalStack's answer when a rule names no error. */
export const DEFAULT_ERROR: FaultError = { statusCode: 503, code: "ServiceUnavailable" };

export function effectOf(rule: FaultRule): EffectName {
  if (rule.effect !== undefined) return rule.effect;
  const onlySlow = rule.error === undefined && (rule.latencyMs !== undefined || rule.jitterMs !== undefined);
  return onlySlow ? "delay" : "error";
}
