import { accountNotFound, permit } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { placeOfEvent } from "../events/event.js";
import type { Ports } from "../ports/ports.js";
import type { Queries } from "./queries.js";

/** Where a listener begins: behind the event it names, or at the present. */
export function openEvents({ store }: Pick<Ports, "store">, account: Queries["account"]): Queries["openEvents"] {
  const invalid = (message: string) => fail([rejection("INPUT_INVALID", message, ["after"])]);

  return async (caller, { accountId, after }) => {
    const permitted = permit(caller, "accountEvents");
    if (!permitted.ok) return permitted;
    const found = await account(caller, accountId);
    if (!found.ok) return found;
    if (found.value === null) return fail(accountNotFound());
    const { id } = found.value;
    const { sequence, forgottenTo } = (await store.read.events.heads([id])).get(id) ?? { sequence: 0, forgottenTo: 0 };
    if (after === undefined) return ok({ accountId: id, after: sequence });

    const place = placeOfEvent(after);
    if (place === null || place.accountId !== id || place.sequence > sequence) {
      return invalid("`after` is not the id of an event of this account.");
    }
    if (place.sequence < forgottenTo) {
      return invalid("The events after this one are no longer all kept. Read the account anew and subscribe without `after`.");
    }
    return ok({ accountId: id, after: place.sequence });
  };
}
