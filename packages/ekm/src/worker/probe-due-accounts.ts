import type { Account } from "../accounts/account.js";
import { probeAccountKey } from "../health/probe-account-key.js";
import { dueAfterMs } from "../health/probe-pace.js";
import type { Ports } from "../ports/ports.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

/** Probes under way at once in one round. */
const CONCURRENCY = 16;
/** A check further ahead than this was written by a clock that was set back since: waiting for its time would leave the key unwatched. */
const AHEAD_MS = 60_000;
/** In all rounds: while so many keys do not answer, no further round begins. */
const MOST_UNDER_WAY = 64;

/**
 * A probe that throws (a bug, a lost database) does not keep the others from theirs; the first error is thrown at the end.
 * Accounts whose probe is still under way from an earlier call are passed over: keys that do not answer hold up nobody else.
 */
export function probeDueAccounts(
  ports: Pick<Ports, "store" | "clock" | "ids" | "keyService" | "settings">,
): WorkerUseCases["probeDueAccounts"] {
  const probe = probeAccountKey(ports);
  const underWay = new Set<string>();
  return async (limit) => {
    if (underWay.size >= MOST_UNDER_WAY) return 0;
    const now = ports.clock.now().getTime();
    const { accounts } = ports.store.read;
    const most = limit + underWay.size;
    const found = [
      ...(await accounts.checkedAfter(new Date(now + AHEAD_MS), most)),
      ...(await accounts.dueForProbe(new Date(now - dueAfterMs(ports.settings.healthIntervalSeconds)), most)),
    ];
    const due = found.filter(({ id }) => !underWay.has(id)).slice(0, limit);
    for (const { id } of due) underWay.add(id);
    const errors: unknown[] = [];
    let probed = 0;
    const lane = async (): Promise<void> => {
      for (let account: Account | undefined = due.shift(); account !== undefined; account = due.shift()) {
        try {
          if ((await probe(account)) !== null) probed++;
        } catch (error) {
          errors.push(error);
        } finally {
          underWay.delete(account.id);
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    if (errors.length > 0) throw errors[0];
    return probed;
  };
}
