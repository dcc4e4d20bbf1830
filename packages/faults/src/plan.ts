import { type FaultCall, matches } from "./match.js";
import { DEFAULT_ERROR, type EffectName, effectOf, type FaultError, type FaultRule } from "./rule.js";
import { seededRandom } from "./seeded-random.js";

export interface Decision {
  readonly rule: FaultRule;
  readonly effect: EffectName;
  /** To wait before the effect, jitter included. */
  readonly latencyMs: number;
  /** What the effect answers, where it answers an error. */
  readonly error: FaultError;
}

export interface FaultPlanOptions {
  readonly seed: string | number;
  /** Milliseconds; only differences count (`durationMs`). */
  readonly clock: { now(): number };
}

/**
 * The rules in force. The first rule that matches and fires decides. Decisions follow from the seed, the rule, the key and
 * how many calls of that key the rule has seen: calls on other keys, in whatever order, change nothing.
 */
export interface FaultPlan {
  add(rules: readonly FaultRule[]): void;
  replace(rules: readonly FaultRule[]): void;
  /** Removes rules equal to these, field by field; answers how many. */
  remove(rules: readonly FaultRule[]): number;
  /** Rules still in force, in order. */
  list(): FaultRule[];
  clear(): void;
  /** `only`: rules of another effect are passed over, as if they were not there. */
  decide(call: FaultCall, only?: EffectName): Decision | null;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly identity: string;
  readonly endsAt: number;
  left: number;
  readonly seen: Map<string, number>;
}

/** Keys whose draws a rule remembers; beyond it the oldest starts afresh, so that a long run cannot grow for ever. */
const MAX_KEYS_PER_RULE = 100_000;

export function createFaultPlan({ seed, clock }: FaultPlanOptions): FaultPlan {
  let active: ActiveRule[] = [];

  const inForce = (entry: ActiveRule): boolean => entry.left > 0 && clock.now() < entry.endsAt;

  const activate = (rules: readonly FaultRule[]): ActiveRule[] =>
    rules.map((rule) => ({
      rule,
      identity: identityOf(rule),
      endsAt: rule.durationMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + rule.durationMs,
      left: rule.count ?? Number.POSITIVE_INFINITY,
      seen: new Map(),
    }));

  return {
    add(rules) {
      active = [...active.filter(inForce), ...activate(rules)];
    },
    replace(rules) {
      active = activate(rules);
    },
    remove(rules) {
      const unwanted = new Set(rules.map(identityOf));
      const before = active.filter(inForce);
      active = before.filter((entry) => !unwanted.has(entry.identity));
      return before.length - active.length;
    },
    list: () => active.filter(inForce).map((entry) => entry.rule),
    clear() {
      active = [];
    },
    decide(call, only) {
      for (const entry of active) {
        if (!inForce(entry) || !matches(entry.rule, call)) continue;
        if (only !== undefined && effectOf(entry.rule) !== only) continue;
        const draw = nextDraw(entry, call.keyArn ?? "");
        const random = (purpose: string) => seededRandom(seed, entry.identity, call.keyArn ?? "", draw, purpose);
        if (random("fire") >= (entry.rule.probability ?? 1)) continue;
        entry.left -= 1;
        return {
          rule: entry.rule,
          effect: effectOf(entry.rule),
          latencyMs: (entry.rule.latencyMs ?? 0) + (entry.rule.jitterMs ?? 0) * random("jitter"),
          error: entry.rule.error ?? DEFAULT_ERROR,
        };
      }
      return null;
    },
  };
}

function nextDraw(entry: ActiveRule, key: string): number {
  const draw = entry.seen.get(key) ?? 0;
  entry.seen.delete(key);
  entry.seen.set(key, draw + 1);
  if (entry.seen.size > MAX_KEYS_PER_RULE) {
    const oldest = entry.seen.keys().next();
    if (!oldest.done) entry.seen.delete(oldest.value);
  }
  return draw;
}

function identityOf(rule: FaultRule): string {
  const sorted = (value: object): [string, unknown][] =>
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, typeof field === "object" && field !== null ? sorted(field) : field]);
  return JSON.stringify(sorted(rule));
}
