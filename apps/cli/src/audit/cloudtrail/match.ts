import { classify } from "./classify.js";
import type { LogIndex, RequestOfEntry } from "./log-index.js";
import type { TrailRecord } from "./read-trail.js";

export interface Unexplained extends TrailRecord {
  readonly why: string;
}

/** Why a request of an entry stands in no record. */
export type OneSided = RequestOfEntry & {
  readonly reason: "not-in-owners-trail" | "not-in-callers-trail" | "outside-time";
};

export interface RoutineOfAccount {
  readonly what: string;
  /** Null: DescribeKey carries no context. */
  readonly accountId: string | null;
  readonly calls: number;
  /** The most within one minute of the clock. */
  readonly busiestMinute: number;
}

export interface MatchResult {
  readonly trail: {
    readonly records: number;
    readonly from: Date | null;
    readonly to: Date | null;
    /** Whether the caller's (the vendor's) trail, and key owners' trails, are there. */
    readonly callers: boolean;
    readonly owners: boolean;
  };
  /** Requests, each counted once though it may be in two trails. */
  readonly matched: number;
  readonly traced: number;
  readonly failed: number;
  readonly otherAccounts: number;
  readonly vendorsOwn: number;
  /** Calls of anybody but the vendor: the key owner's own. */
  readonly others: number;
  readonly routine: readonly RoutineOfAccount[];
  readonly unexplained: readonly Unexplained[];
  readonly oneSided: readonly OneSided[];
}

interface Given {
  readonly log: LogIndex;
  readonly records: AsyncIterable<TrailRecord>;
  readonly vendor: string;
  readonly account: string | undefined;
}

/** CloudTrail delivers within minutes: an entry this close to the trail's ends may miss its record. */
const EDGE_MS = 15 * 60_000;

/** Which requests our log and CloudTrail both have, and what is on one side only. */
export async function match({ log, records, vendor, account }: Given): Promise<MatchResult> {
  const seen = new Set<string>();
  const counts = { matched: 0, traced: 0, failed: 0, "other-account": 0, own: 0 };
  const trail = { records: 0, from: null as Date | null, to: null as Date | null, callers: false, owners: false };
  const routine = new Map<string, { what: string; accountId: string | null; minutes: Map<number, number> }>();
  const unexplained: Unexplained[] = [];
  let others = 0;
  for await (const record of records) {
    trail.records += 1;
    if (trail.from === null || record.at < trail.from) trail.from = record.at;
    if (trail.to === null || record.at > trail.to) trail.to = record.at;
    if (record.recipient === vendor) trail.callers = true;
    else trail.owners = true;
    if (record.requestId !== "" && seen.has(record.requestId)) continue;
    seen.add(record.requestId);
    if (record.callerAccountId !== vendor) {
      others += 1;
      continue;
    }
    const found = classify(record, { log, vendor, account });
    if (found.kind === "unexplained") unexplained.push({ ...record, why: found.why });
    else if (found.kind !== "routine") counts[found.kind] += 1;
    else {
      const key = `${found.accountId} ${found.what}`;
      const of = routine.get(key) ?? { what: found.what, accountId: found.accountId, minutes: new Map<number, number>() };
      routine.set(key, of);
      const minute = Math.floor(record.at.getTime() / 60_000);
      of.minutes.set(minute, (of.minutes.get(minute) ?? 0) + 1);
    }
  }
  return {
    trail,
    ...{ matched: counts.matched, traced: counts.traced, failed: counts.failed, otherAccounts: counts["other-account"] },
    ...{ vendorsOwn: counts.own, others, unexplained },
    routine: [...routine.values()].map(({ what, accountId, minutes }) => {
      const each = [...minutes.values()];
      return {
        what,
        accountId,
        calls: each.reduce((sum, n) => sum + n, 0),
        busiestMinute: each.reduce((a, b) => Math.max(a, b), 0),
      };
    }),
    oneSided: [...log.requests.values()]
      .filter(({ requestId, accountId }) => !seen.has(requestId) && (account === undefined || accountId === account))
      .map((request) => ({ ...request, reason: reasonOf(request, trail) })),
  };
}

function reasonOf({ at }: RequestOfEntry, { from, to, callers }: MatchResult["trail"]): OneSided["reason"] {
  const outside =
    from === null || to === null || at.getTime() < from.getTime() - EDGE_MS || at.getTime() > to.getTime() + EDGE_MS;
  if (outside) return "outside-time";
  return callers ? "not-in-callers-trail" : "not-in-owners-trail";
}
