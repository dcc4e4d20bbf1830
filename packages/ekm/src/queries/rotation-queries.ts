import { type Denied, permit, type Refusal, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import { problem } from "../errors/catalog.js";
import { type Outcome, ok } from "../errors/outcome.js";
import { customerKeyOf } from "../health/record-observation.js";
import { leftBehind } from "../keys/left-behind.js";
import type { Ports } from "../ports/ports.js";
import type { KeyRotation } from "../rotation/rotation.js";
import { backupProtections } from "./backup-protection.js";
import { bounded, listing } from "./listing.js";
import type { NoteLooks } from "./looks.js";
import type { Queries } from "./queries.js";

/** Runs a look on an account that the caller may see. */
export type Within = <T>(
  caller: Caller,
  accountId: string,
  look: (account: Account) => Promise<T>,
) => Promise<Outcome<T, Refusal>>;

type RotationQueries = Pick<
  Queries,
  "rotation" | "rotations" | "activeRotation" | "generationFailures" | "leftGenerations" | "backupProtections"
>;

export function rotationQueries({ store }: Pick<Ports, "store">, within: Within, note: NoteLooks): RotationQueries {
  const { rotations, keys, health, backups } = store.read;

  const rotation = async (caller: Caller, id: string): Promise<Outcome<KeyRotation | null, Denied>> => {
    const permitted = permit(caller, "account");
    if (!permitted.ok) return permitted;
    const found = await rotations.byId(id);
    if (!found || !reaches(caller, "account", found.accountId)) return ok(null);
    await note(caller, [found.accountId]);
    return ok(found);
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
    leftGenerations: (caller, accountId) =>
      within(caller, accountId, async ({ id, vendorKey }) => {
        const generations = await keys.generations(id);
        if (generations.every(({ leftBecause }) => leftBecause === undefined)) return [];
        const left = leftBehind({ generations, wraps: await keys.wraps(id) }, vendorKey?.arn);
        const counts = await backups.countByGeneration(id);
        return generations.flatMap(({ generation, leftBecause }) =>
          leftBecause === undefined || !left.has(generation)
            ? []
            : [{ generation, backups: counts.get(generation) ?? 0n, problem: problem(leftBecause) }],
        );
      }),
    backupProtections: (caller, accountId) =>
      within(caller, accountId, async (account) => {
        const wraps = await keys.wraps(account.id);
        const latest = customerKeyOf(account) && (await health.current(account.id));
        return backupProtections({ account, wraps, health: latest });
      }),
  };
}
