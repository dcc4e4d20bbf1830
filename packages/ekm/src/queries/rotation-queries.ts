import { type Denied, permit, type Refusal, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import { type Outcome, ok } from "../errors/outcome.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Ports } from "../ports/ports.js";
import type { KeyRotation } from "../rotation/rotation.js";
import { backupProtections } from "./backup-protection.js";
import { bounded, listing } from "./listing.js";
import type { Queries } from "./queries.js";

/** Runs a look on an account that the caller may see. */
export type Within = <T>(
  caller: Caller,
  accountId: string,
  look: (account: Account) => Promise<T>,
) => Promise<Outcome<T, Refusal>>;

type RotationQueries = Pick<Queries, "rotation" | "rotations" | "activeRotation" | "generationFailures" | "backupProtections">;

export function rotationQueries({ store }: Pick<Ports, "store">, within: Within): RotationQueries {
  const { rotations, keys, health } = store.read;

  const rotation = async (caller: Caller, id: string): Promise<Outcome<KeyRotation | null, Denied>> => {
    const permitted = permit(caller, "account");
    if (!permitted.ok) return permitted;
    const found = await rotations.byId(id);
    return ok(found && reaches(caller, "account", found.accountId) ? found : null);
  };

  return {
    rotation,
    rotations: (caller, accountId, request) =>
      within(caller, accountId, async ({ id }) => listing(await rotations.page(id, bounded(request)), () => rotations.count(id))),
    activeRotation: (caller, accountId) =>
      within(caller, accountId, async ({ ekm }) => (ekm.status === "ROTATING" ? rotations.byId(ekm.rotationId) : null)),
    async generationFailures(caller, rotationId) {
      const found = await rotation(caller, rotationId);
      return found.ok ? ok(found.value ? await rotations.failures(found.value.id) : []) : found;
    },
    backupProtections: (caller, accountId) =>
      within(caller, accountId, async (account) => {
        const wraps = await keys.wraps(account.id);
        const latest = customerKeyOf(account) && (await health.current(account.id));
        return backupProtections({ account, wraps, health: latest });
      }),
  };
}
