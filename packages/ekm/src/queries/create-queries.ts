import { accountNotFound, permit, type Refusal, scope } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import { effectiveEkm } from "../accounts/effective-ekm.js";
import { fail, type Outcome, ok } from "../errors/outcome.js";
import { healthAsOf } from "../health/next-health.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Ports } from "../ports/ports.js";
import { diagnose } from "../support/diagnose.js";
import { readCaseFile } from "../support/read-case-file.js";
import { bounded, listing } from "./listing.js";
import { type NoteLooks, noteLooks } from "./looks.js";
import { openEvents } from "./open-events.js";
import type { Queries } from "./queries.js";
import { readAccount } from "./read-account.js";
import { readNode } from "./read-node.js";
import { rotationQueries } from "./rotation-queries.js";
import { webhookQueries } from "./webhook-queries.js";

/** `note` tells of support's looks: by itself, each answer is one. */
export function createQueries(ports: Pick<Ports, "store" | "clock" | "settings">, note: NoteLooks = noteLooks(ports)): Queries {
  const { store, clock, settings } = ports;
  const { accounts, sources, backups, restores, audit, health } = store.read;
  const account = readAccount(ports, note);

  /** Runs `look` on an account that the caller may see. */
  const within = async <T>(
    caller: Caller,
    accountId: string,
    look: (account: Account) => Promise<T>,
  ): Promise<Outcome<T, Refusal>> => {
    const scoped = scope(caller, "account", accountId);
    if (!scoped.ok) return scoped;
    const found = await accounts.byId(scoped.value);
    if (!found) return fail(accountNotFound());
    await note(caller, [found.id]);
    return ok(await look(effectiveEkm(found, clock.now())));
  };

  return {
    account,
    node: readNode(ports, account, note),
    openEvents: openEvents(ports, account),
    async accounts(caller, request, filter) {
      const permitted = permit(caller, "accounts");
      if (!permitted.ok) return permitted;
      const found = { ...filter, ...(filter.search === undefined ? {} : { search: filter.search.trim() }) };
      const page = await accounts.page(bounded(request), found);
      await note(
        caller,
        page.items.map(({ id }) => id),
      );
      const items = page.items.map((item) => effectiveEkm(item, clock.now()));
      return ok(listing({ ...page, items }, () => accounts.count(found)));
    },
    sources: (caller, accountId, request) =>
      within(caller, accountId, async ({ id }) => listing(await sources.page(id, bounded(request)), () => sources.count(id))),
    backups: (caller, accountId, request, filter) =>
      within(caller, accountId, async ({ id }) =>
        listing(await backups.page(id, bounded(request), filter), () => backups.count(id, filter)),
      ),
    restores: (caller, accountId, request, filter) =>
      within(caller, accountId, async ({ id }) =>
        listing(await restores.page(id, bounded(request), filter), () => restores.count(id, filter)),
      ),
    auditLog: (caller, accountId, request, filter) =>
      within(caller, accountId, async ({ id }) =>
        listing(await audit.page(id, bounded(request), filter), () => audit.count(id, filter)),
      ),
    keyHealth: (caller, accountId) =>
      within(caller, accountId, async (found) => {
        const latest = customerKeyOf(found) && (await health.current(found.id));
        return latest && healthAsOf(latest, clock.now(), settings.healthIntervalSeconds);
      }),
    healthHistory: (caller, accountId, request) => within(caller, accountId, ({ id }) => health.history(id, bounded(request))),
    ...rotationQueries(ports, within, note),
    ...webhookQueries(ports, within),
    keyImpact: (caller, accountId) => within(caller, accountId, ({ id }) => backups.impact(id)),
    diagnosis: (caller, accountId) => within(caller, accountId, async (found) => diagnose(await readCaseFile(ports, found))),
  };
}
