import type { CallEvent, ChangeEvent } from "@ekm/mock-aws";

/** A change in AWS after which the account's key was no longer usable. Times are milliseconds since 1970. */
export interface ObservedRevocation {
  /** `DisableKey`, `set-status`, `PutKeyPolicy`, `faults add`, ... */
  readonly act: string;
  readonly t0: number;
  readonly t1: number;
  /** What comes later belongs to the next change. */
  readonly until: number;
}

export interface KeyHistory {
  /** The product's calls on the key. */
  readonly calls: readonly CallEvent[];
  /** What can have made it unusable. */
  readonly changes: readonly ChangeEvent[];
  /** The product's account that the key protects: calls for another's context are probes. */
  readonly accountId: string;
}

/**
 * The first revocation at or after `fromMs`, told from AWS's log alone: a change, and calls refused until the next one. Undefined
 * where a call succeeded meanwhile, for then nothing can be said of when plaintext had to stop.
 */
export function observeRevocation({ calls, changes, accountId }: KeyHistory, fromMs: number): ObservedRevocation | undefined {
  const uses = calls.filter((call) => call.operation !== "DescribeKey" && isForAccount(call, accountId));
  const refused = uses.find((call) => call.outcome !== "ok" && Date.parse(call.at) >= fromMs);
  if (!refused) return undefined;
  const t1 = Date.parse(refused.at);
  const dated = changes.map((change) => ({ change, at: Date.parse(change.effectiveAt) })).filter(({ at }) => at >= fromMs);
  const cause = dated.filter(({ at }) => at <= t1).at(-1);
  if (!cause) return undefined;
  const next = dated.find(({ at }) => at > t1)?.at ?? Number.POSITIVE_INFINITY;
  const isServed = uses.some((call) => call.outcome === "ok" && beganAt(call) >= cause.at && Date.parse(call.at) < next);
  if (isServed) return undefined;
  const { subject, change } = cause.change;
  return {
    act: subject === "faults" ? `faults ${change}` : change,
    t0: cause.at,
    t1,
    until: next,
  };
}

/** A fault may leave a call without a known context; a denial of one without context is the product's own probe. */
function isForAccount({ encryptionContext, outcome }: CallEvent, accountId: string): boolean {
  const named = encryptionContext?.["ekm:account"];
  return named === accountId || (named === undefined && outcome !== "ok" && outcome !== "AccessDeniedException");
}

const beganAt = ({ at, durationMs }: CallEvent): number => Date.parse(at) - durationMs;
