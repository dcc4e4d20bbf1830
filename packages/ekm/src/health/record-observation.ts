import { SYSTEM } from "../access/caller.js";
import type { Account, CustomerKey } from "../accounts/account.js";
import { problem } from "../errors/catalog.js";
import { ERROR_CODES } from "../errors/codes.js";
import type { Problem } from "../errors/outcome.js";
import type { Ids } from "../ports/clock.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { KeyHealth } from "./health.js";
import { healthChanged, nextHealth, type Observation, type Unlocked } from "./next-health.js";

/** A newer row wins over a call that was sent earlier; a row further ahead than this comes from a clock that was set back. */
const STALE_WITHIN_MS = 60_000;

export interface ObservedCall {
  readonly accountId: string;
  /** The key that was used. */
  readonly keyArn: string;
  /** When the call was sent. */
  readonly sentAt: Date;
  readonly observation: Observation;
  readonly awsRequestId?: string;
}

/**
 * Writes what was seen of a customer's key as the account's health, and an audit entry if the state or the problem's code
 * changed, in one transaction. Null, and nothing written: the account uses another key by now, or has none.
 */
export function recordObservation({ store, clock, ids }: Pick<Ports, "store" | "clock" | "ids">) {
  return (call: ObservedCall): Promise<KeyHealth | null> =>
    store.transaction(async (tx) => {
      const account = await tx.accounts.byId(call.accountId);
      const key = account === null ? null : customerKeyOf(account);
      if (account === null || key?.arn !== call.keyArn) return null;
      const before = await tx.health.current(account.id);
      if (before !== null && isSuperseded(before, call)) return before;

      const now = clock.now();
      const observation: Observation = account.keyLock ? { kind: "locked", problem: problem("KEYS_LOCKED") } : call.observation;
      const { health, changed } = await putHealth(tx, ids, { account, key, before, observation }, now);
      if (changed) {
        await tx.audit.append(account.id, now, {
          actor: SYSTEM.subject,
          action: "KEY_HEALTH_CHANGED",
          outcome: "DONE",
          subject: key.arn,
          detail: sentenceOf(before?.keyArn === key.arn ? before : null, health),
          awsRequestIds: call.awsRequestId === undefined ? [] : [call.awsRequestId],
        });
      }
      return health;
    });
}

interface Seen {
  readonly account: Account;
  /** The account's. */
  readonly key: CustomerKey;
  readonly before: KeyHealth | null;
  readonly observation: Observation | Unlocked;
}

/** Writes the health after an observation, in the caller's transaction. */
export async function putHealth(
  tx: Repositories,
  ids: Ids,
  { account, key, before, observation }: Seen,
  now: Date,
): Promise<{ health: KeyHealth; changed: boolean }> {
  const observed = { accountId: account.id, keyArn: key.arn, warnings: key.warnings.flatMap(warningOf(key.arn)) };
  const after = nextHealth(before, observation, observed, now);
  const changed = healthChanged(before, after);
  const health: KeyHealth = { ...after, id: before !== null && !changed ? before.id : ids.next("hlt") };
  await tx.health.put(health);
  return { health, changed };
}

export const customerKeyOf = ({ ekm }: Account) => (ekm.status === "ENABLED" || ekm.status === "ROTATING" ? ekm.key : null);

const isSuperseded = (health: KeyHealth, { keyArn, sentAt }: ObservedCall): boolean => {
  const ahead = health.checkedAt.getTime() - sentAt.getTime();
  return health.keyArn === keyArn && ahead > 0 && ahead <= STALE_WITHIN_MS;
};

const warningOf =
  (keyArn: string) =>
  (code: string): readonly Problem[] =>
    ERROR_CODES.filter((known) => known === code).map((known) => problem(known, { keyArn }));

const nameOf = ({ state, problem: cause }: Pick<KeyHealth, "state" | "problem">): string =>
  cause === undefined ? state : `${state} (${cause.code})`;

const sentenceOf = (before: KeyHealth | null, after: KeyHealth): string =>
  before === null ? `The key is ${nameOf(after)}.` : `The key was ${nameOf(before)} and is ${nameOf(after)} now.`;
