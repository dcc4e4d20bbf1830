import { randomBytes } from "node:crypto";
import { createFaultPlan, type FaultPlan } from "@ekm/faults";
import { SimulatedClock } from "./clock.js";
import type { NetworkEffects } from "./control/interface.js";
import { Accounts } from "./front/accounts.js";
import { EventLog } from "./front/events.js";
import { Quotas } from "./front/quotas.js";
import { Ids } from "./ids.js";
import { Aliases } from "./keys/aliases.js";
import { CustomKeyStores } from "./keys/custom-key-stores.js";
import { Grants } from "./keys/grants.js";
import { KeyRegistry } from "./keys/registry.js";
import { ImportTokens } from "./kms/import/import-tokens.js";
import { createUpstream } from "./upstream/create-upstream.js";
import type { Upstream } from "./upstream/upstream.js";

/** One simulated AWS: everything that a server has, and nothing outside it. */
export interface World {
  readonly clock: SimulatedClock;
  readonly ids: Ids;
  readonly events: EventLog;
  readonly accounts: Accounts;
  readonly keys: KeyRegistry;
  readonly aliases: Aliases;
  readonly grants: Grants;
  readonly stores: CustomKeyStores;
  readonly imports: ImportTokens;
  readonly quotas: Quotas;
  readonly upstream: Upstream;
  readonly faults: FaultPlan;
  /** LocalStack's network effects; the one field that is replaced as a whole. */
  effects: NetworkEffects;
}

export interface WorldOptions {
  readonly seed?: string | number | undefined;
  readonly upstream?: string | undefined;
  readonly clock?: { now(): Date } | undefined;
}

export function createWorld({ seed, upstream, clock: real }: WorldOptions): World {
  const seedText = seed === undefined ? randomBytes(16).toString("hex") : String(seed);
  const clock = new SimulatedClock(real ?? { now: () => new Date() });
  const ids = new Ids(seedText);
  const events = new EventLog(clock);
  const accounts = new Accounts(clock, ids);
  const stores = new CustomKeyStores();
  const keys = new KeyRegistry({
    clock,
    events,
    wentWithItsOwner: (accountId, createdAt) => accounts.tookKeyAlong(accountId, createdAt),
    storeIsConnected: (storeId) => stores.isConnected(storeId),
  });
  return {
    clock,
    ids,
    events,
    accounts,
    keys,
    aliases: new Aliases(),
    grants: new Grants(clock),
    stores,
    imports: new ImportTokens(clock),
    quotas: new Quotas(clock),
    upstream: createUpstream(upstream),
    faults: createFaultPlan({ seed: seedText, clock }),
    effects: {},
  };
}

/** Everything as it was at the start, but for the numbers of events. */
export function resetWorld(world: World): void {
  world.accounts.clear();
  world.keys.clear();
  world.aliases.clear();
  world.grants.clear();
  world.stores.clear();
  world.imports.clear();
  world.quotas.set({ enabled: false });
  world.upstream.clear();
  world.faults.clear();
  world.effects = {};
  world.clock.reset();
  world.ids.startAfresh();
  world.events.forget();
}
