import { looksFromOutside, permit, scope } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import { effectiveEkm } from "../accounts/effective-ekm.js";
import { ok } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import type { Queries } from "./queries.js";

/** One look of support at an account asks many questions: they are one entry. */
const ONE_LOOK_MS = 15 * 60 * 1000;

export function readAccount(ports: Pick<Ports, "store" | "clock">): Queries["account"] {
  return async (caller, id) => {
    const permitted = permit(caller, "account");
    if (!permitted.ok) return permitted;
    const scoped = scope(caller, "account", id);
    const stored = scoped.ok ? await ports.store.read.accounts.byId(scoped.value) : null;
    if (!stored) return ok(null);
    if (looksFromOutside(caller, stored.id)) await noteLook(ports, caller, stored.id);
    return ok(effectiveEkm(stored, ports.clock.now()));
  };
}

async function noteLook({ store, clock }: Pick<Ports, "store" | "clock">, caller: Caller, accountId: string): Promise<void> {
  const now = clock.now();
  const { items } = await store.read.audit.page(accountId, { first: 1 }, { action: "ACCOUNT_READ_BY_SUPPORT" });
  const last = items[0];
  if (last?.actor === caller.subject && now.getTime() - last.at.getTime() < ONE_LOOK_MS) return;
  await store.transaction((tx) =>
    tx.audit.append(accountId, now, {
      actor: caller.subject,
      action: "ACCOUNT_READ_BY_SUPPORT",
      outcome: "DONE",
      subject: accountId,
      detail: "Support looked at the account.",
      awsRequestIds: [],
    }),
  );
}
