import type {
  AccountStatus,
  ExternalKeyCondition,
  KeyState,
  PendingDeletionError,
  Principal,
  SuspensionProfile,
} from "../control/interface.js";
import { parsePolicy } from "../front/policy/parse.js";
import type { SavedIds } from "../ids.js";
import type { KeyCondition, KeyRecord } from "../keys/key.js";
import type { World } from "../world.js";

/** What a state file holds; faults and events are not part of it. A deleted key leaves its name, not its material. */
export interface Snapshot {
  readonly version: 1;
  readonly clockOffsetMs: number;
  readonly ids: SavedIds;
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: AccountStatus;
    readonly profile: SuspensionProfile;
    readonly closedAt: number | null;
    readonly keysGoneBefore: number | null;
    readonly principals: readonly Principal[];
  }[];
  readonly keys: readonly SavedKey[];
  readonly material: Readonly<Record<string, string>>;
}

interface SavedCondition {
  readonly state: KeyState;
  readonly policy: string;
  readonly deletionDate: number | null;
  readonly pendingDeletionError: PendingDeletionError;
  readonly externalKey: ExternalKeyCondition;
}

interface SavedKey extends Omit<KeyRecord, "condition" | "previous"> {
  readonly condition: SavedCondition;
  readonly previous: SavedCondition | null;
}

export function takeSnapshot({ clock, ids, accounts, keys, upstream }: World): Snapshot {
  const alive = keys.list().filter((key) => keys.visible(key).state !== "Deleted");
  const names = new Set(alive.map((key) => `${key.region}/${key.id}`));
  return {
    version: 1,
    clockOffsetMs: clock.offsetMs,
    ids: ids.save(),
    accounts: accounts.list(),
    keys: keys.list().map((key) => ({
      ...key,
      condition: saveCondition(key.condition),
      previous: key.previous && saveCondition(key.previous),
    })),
    material: Object.fromEntries(Object.entries(upstream.saveMaterial()).filter(([name]) => names.has(name))),
  };
}

/** Into a world that is still empty. Throws for a file of another version or a damaged one. */
export function loadSnapshot(world: World, snapshot: Snapshot): void {
  if (snapshot.version !== 1) throw new Error(`the state file has version ${String(snapshot.version)}; this is for version 1`);
  world.clock.setOffset(snapshot.clockOffsetMs);
  world.ids.load(snapshot.ids);
  for (const account of snapshot.accounts) world.accounts.restore({ ...account, principals: [...account.principals] });
  for (const key of snapshot.keys) {
    const previous = key.previous && loadCondition(key.previous);
    world.keys.add({ ...key, condition: loadCondition(key.condition), previous });
  }
  world.upstream.loadMaterial(snapshot.material);
}

const saveCondition = (condition: KeyCondition): SavedCondition => ({ ...condition, policy: condition.policy.text });

function loadCondition(saved: SavedCondition): KeyCondition {
  const parsed = parsePolicy(saved.policy);
  if (!parsed.ok) throw new Error(`the state file has a key policy that cannot be read: ${parsed.problem}`);
  return { ...saved, policy: parsed.policy };
}
