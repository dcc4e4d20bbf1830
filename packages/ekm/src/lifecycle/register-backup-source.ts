import { accountNotFound, scope } from "../access/authorize.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { BackupSource } from "../jobs/job.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";

const MAX_NAME_LENGTH = 200;
const MAX_LOCATION_LENGTH = 4096;

/** The location must be an existing directory under a root of the account; what is stored is its real path. */
export function registerBackupSource(ports: Pick<Ports, "store" | "clock" | "ids" | "roots">): UseCases["registerBackupSource"] {
  const { store, clock, ids, roots } = ports;
  return idempotent(ports, "registerBackupSource", rowEntity(store.read.sources), async (caller, input, claim) => {
    const scoped = scope(caller, "registerBackupSource", input.accountId);
    if (!scoped.ok) return scoped;
    const name = boundedText(input.name, MAX_NAME_LENGTH, "name");
    if (!name.ok) return fail(name.error);
    const given = boundedText(input.location, MAX_LOCATION_LENGTH, "location");
    if (!given.ok) return fail(given.error);
    if (!(await store.read.accounts.byId(scoped.value))) return fail(accountNotFound());
    const location = await roots.resolveSource(scoped.value, given.value);
    if (!location.ok) return fail([{ field: ["input", "location"], ...location.error }]);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const source: BackupSource = {
        id: ids.next("src"),
        accountId: scoped.value,
        name: name.value,
        kind: input.kind,
        location: location.value,
        createdAt: now,
      };
      await tx.sources.insert(source);
      await tx.audit.append(source.accountId, now, {
        actor: caller.subject,
        action: "SOURCE_REGISTERED",
        outcome: "DONE",
        subject: source.id,
        detail: `The backup source "${source.name}" was registered.`,
        awsRequestIds: [],
      });
      await claim.complete(tx, source);
      return ok(source);
    });
  });
}
