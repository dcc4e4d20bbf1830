import { permit, scope } from "../access/authorize.js";
import { effectiveEkm } from "../accounts/effective-ekm.js";
import { ok } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import type { NoteLooks } from "./looks.js";
import type { Queries } from "./queries.js";

export function readAccount({ store, clock }: Pick<Ports, "store" | "clock">, note: NoteLooks): Queries["account"] {
  return async (caller, id) => {
    const permitted = permit(caller, "account");
    if (!permitted.ok) return permitted;
    const scoped = scope(caller, "account", id);
    const stored = scoped.ok ? await store.read.accounts.byId(scoped.value) : null;
    if (!stored) return ok(null);
    await note(caller, [stored.id]);
    return ok(effectiveEkm(stored, clock.now()));
  };
}
