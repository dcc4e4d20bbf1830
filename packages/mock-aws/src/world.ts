import { randomBytes } from "node:crypto";
import { createFaultPlan, type FaultPlan } from "@ekm/faults";
import { SimulatedClock } from "./clock.js";
import type { NetworkEffects } from "./control/interface.js";
import { Accounts } from "./front/accounts.js";
import { EventLog } from "./front/events.js";
import { Ids } from "./ids.js";
import { KeyRegistry } from "./keys/registry.js";
import { createUpstream } from "./upstream/create-upstream.js";
import type { Upstream } from "./upstream/upstream.js";

/** One simulated AWS: everything that a server has, and nothing outside it. */
export interface World {
  readonly clock: SimulatedClock;
  readonly ids: Ids;
  readonly events: EventLog;
  readonly accounts: Accounts;
  readonly keys: KeyRegistry;
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
  return {
    clock,
    ids,
    events,
    accounts,
    keys: new KeyRegistry(clock, events, (accountId, createdAt) => accounts.tookKeyAlong(accountId, createdAt)),
    upstream: createUpstream(upstream),
    faults: createFaultPlan({ seed: seedText, clock }),
    effects: {},
  };
}
