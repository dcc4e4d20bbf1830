import type { Account, PrincipalRecord } from "../front/accounts.js";
import { type PolicyKind, parsePolicy } from "../front/policy/parse.js";
import type { Policy } from "../front/policy/policy.js";
import type { SavedIds } from "../ids.js";
import type { Alias } from "../keys/aliases.js";
import type { CustomKeyStore } from "../keys/custom-key-stores.js";
import type { Grant } from "../keys/grants.js";
import type { KeyCondition, KeyRecord } from "../keys/key.js";
import type { SavedMaterial } from "../upstream/upstream.js";
import type { World } from "../world.js";

const VERSION = 2;

/**
 * What a state file holds; faults, events, quotas, roles' sessions and import tokens are not part of it. A deleted key leaves its
 * name, not its material.
 */
export interface Snapshot {
  readonly version: typeof VERSION;
  readonly clockOffsetMs: number;
  readonly ids: SavedIds;
  readonly accounts: readonly SavedAccount[];
  readonly keys: readonly SavedKey[];
  readonly aliases: readonly Alias[];
  readonly grants: readonly Grant[];
  readonly stores: readonly CustomKeyStore[];
  readonly material: Readonly<Record<string, SavedMaterial>>;
}

/** Policies are kept as the text that they are. */
interface SavedAccount extends Omit<Account, "principals"> {
  readonly principals: readonly (Omit<PrincipalRecord, "policies" | "trust"> & {
    readonly policies: readonly string[] | null;
    readonly trust: string | null;
  })[];
}

interface SavedCondition extends Omit<KeyCondition, "policy"> {
  readonly policy: string;
}

interface SavedKey extends Omit<KeyRecord, "condition" | "previous"> {
  readonly condition: SavedCondition;
  readonly previous: SavedCondition | null;
}

export function takeSnapshot({ clock, ids, accounts, keys, aliases, grants, stores, upstream }: World): Snapshot {
  const alive = keys.list().filter((key) => keys.visible(key).state !== "Deleted");
  const names = new Set(alive.map((key) => `${key.region}/${key.id}`));
  return {
    version: VERSION,
    clockOffsetMs: clock.offsetMs,
    ids: ids.save(),
    accounts: accounts.list().map((account) => ({ ...account, principals: account.principals.map(savePrincipal) })),
    keys: keys.list().map((key) => ({
      ...key,
      condition: saveCondition(key.condition),
      previous: key.previous && saveCondition(key.previous),
    })),
    aliases: aliases.list(),
    grants: grants.list(),
    stores: stores.list(),
    material: Object.fromEntries(Object.entries(upstream.saveMaterial()).filter(([name]) => names.has(name))),
  };
}

/** Into a world that is still empty. Throws for a file of another version or a damaged one. */
export function loadSnapshot(world: World, snapshot: Snapshot): void {
  if (snapshot.version !== VERSION) {
    throw new Error(`the state file has version ${String(snapshot.version)}; this is for version ${VERSION}`);
  }
  world.clock.setOffset(snapshot.clockOffsetMs);
  world.ids.load(snapshot.ids);
  for (const account of snapshot.accounts) {
    world.accounts.restore({ ...account, principals: account.principals.map(loadPrincipal) });
  }
  for (const key of snapshot.keys) {
    const previous = key.previous && loadCondition(key.previous);
    world.keys.add({ ...key, condition: loadCondition(key.condition), previous });
  }
  for (const alias of snapshot.aliases) world.aliases.put(alias);
  for (const grant of snapshot.grants) world.grants.put(grant);
  for (const store of snapshot.stores) world.stores.put({ ...store });
  world.upstream.loadMaterial(snapshot.material);
}

const savePrincipal = (principal: PrincipalRecord): SavedAccount["principals"][number] => ({
  ...principal,
  policies: principal.policies?.map(({ text }) => text) ?? null,
  trust: principal.trust?.text ?? null,
});

const loadPrincipal = (saved: SavedAccount["principals"][number]): PrincipalRecord => ({
  ...saved,
  policies: saved.policies?.map((text) => loadPolicy(text, "identity")) ?? null,
  trust: saved.trust === null ? null : loadPolicy(saved.trust, "trust"),
  // Files that were written before it was known lack it.
  viaService: saved.viaService ?? null,
});

const saveCondition = (condition: KeyCondition): SavedCondition => ({ ...condition, policy: condition.policy.text });

const loadCondition = (saved: SavedCondition): KeyCondition => ({ ...saved, policy: loadPolicy(saved.policy, "key") });

function loadPolicy(text: string, kind: PolicyKind): Policy {
  const parsed = parsePolicy(text, kind);
  if (!parsed.ok) throw new Error(`the state file has a policy that cannot be read: ${parsed.problem}`);
  return parsed.policy;
}
