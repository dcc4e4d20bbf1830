import { looksFromOutside } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Ports } from "../ports/ports.js";

/**
 * Support is about to be shown something of these accounts: each account's audit log says so first. A look that cannot be noted
 * rejects, and nothing is shown. Nobody else's looks are noted.
 */
export type NoteLooks = (caller: Caller, accountIds: readonly string[]) => Promise<void>;

/** One entry for each call. */
export function noteLooks({ store, clock }: Pick<Ports, "store" | "clock">): NoteLooks {
  return async (caller, accountIds) => {
    const seen = accountIds.filter((id) => looksFromOutside(caller, id));
    if (seen.length === 0) return;
    const now = clock.now();
    await store.transaction(async (tx) => {
      for (const id of seen) {
        await tx.audit.append(id, now, {
          actor: caller.subject,
          action: "ACCOUNT_READ_BY_SUPPORT",
          outcome: "DONE",
          subject: id,
          detail: "Support looked at the account.",
          awsRequestIds: [],
        });
      }
    });
  };
}

/** One entry for each account, however often one request or one subscription of one caller asks. */
export function noteOnce(note: NoteLooks): NoteLooks {
  const noted = new Map<string, Promise<void>>();
  return async (caller, accountIds) => {
    const fresh = accountIds.filter((id) => !noted.has(id));
    if (fresh.length > 0) {
      const noting = note(caller, fresh);
      for (const id of fresh) noted.set(id, noting);
    }
    await Promise.all(accountIds.map((id) => noted.get(id)));
  };
}
