import type { Account, PrincipalRecord } from "../front/accounts.js";
import { AwsFault } from "../front/aws-fault.js";
import type { KeyCondition, KeyRecord } from "../keys/key.js";
import { resetWorld, type World } from "../world.js";
import { changePrincipal } from "./change-principal.js";
import {
  type AccountView,
  type ClockMove,
  type ClockView,
  ControlError,
  type KeyView,
  type NewKeyState,
  type PrincipalView,
  type SimulatorControl,
} from "./interface.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The control interface over a world of this process; the HTTP paths are a thin layer on it. */
export function createSimulatorControl(world: World): SimulatorControl {
  const { accounts, keys, faults, events, clock, upstream } = world;

  const faultsChanged = (change: string) => {
    events.change({ subject: "faults", id: null, change });
    return faults.list();
  };

  return {
    health: async () => ({ status: "ok", upstream: upstream.name, accounts: accounts.size, keys: livingKeys(world).length }),
    accounts: {
      list: async () =>
        accounts.list().flatMap((account) => (account.principals[0] ? [accountView(account, account.principals[0])] : [])),
      async create({ id, name, principal = "user/admin" }) {
        const ensured = accounts.ensure(id, name, principal);
        if (ensured.created) {
          events.change({ subject: "account", id: ensured.account.id, change: "create", state: ensured.account.status });
        }
        return accountView(ensured.account, ensured.principal);
      },
      async setStatus(id, { status, profile }) {
        const account = accounts.find(id);
        const principal = account?.principals[0];
        if (!account || !principal) throw new ControlError(404, `there is no account ${id}`);
        accounts.setStatus(account, status, profile);
        const effectiveAt = events.change({ subject: "account", id, change: "set-status", state: status });
        return { ...accountView(account, principal), effectiveAt };
      },
      async update(id, { organizationId }) {
        const account = accounts.find(id);
        const principal = account?.principals[0];
        if (!account || !principal) throw new ControlError(404, `there is no account ${id}`);
        account.organizationId = organizationId;
        events.change({ subject: "account", id, change: "update" });
        return accountView(account, principal);
      },
      async setPrincipal(id, name, change) {
        const principal = accounts.findPrincipal(id, name);
        if (!principal) throw new ControlError(404, `there is no ${name} in account ${id}`);
        changePrincipal(principal, change);
        events.change({ subject: "account", id, change: "set-principal" });
        return principalView(principal);
      },
    },
    quotas: {
      get: async () => world.quotas.settings,
      async set({ enabled = true, perSecond }) {
        const unknown = Object.keys(perSecond ?? {}).find((name) => !world.quotas.isQuota(name));
        if (unknown !== undefined) throw new ControlError(400, `there is no quota ${unknown}`);
        world.quotas.set({ enabled, perSecond });
        events.change({ subject: "simulator", id: null, change: "set-quotas", state: enabled ? "enabled" : "disabled" });
        return world.quotas.settings;
      },
    },
    grants: {
      get: async () => ({ visibleAfterMs: world.grants.delayMs }),
      async set({ visibleAfterMs }) {
        world.grants.delayMs = visibleAfterMs;
        events.change({ subject: "simulator", id: null, change: "set-grants" });
        return { visibleAfterMs };
      },
    },
    keys: {
      list: async () => livingKeys(world).map((key) => keyView(world, key)),
      async setState(id, next) {
        const key = keys.find(id) ?? keys.list().find((candidate) => candidate.id === id);
        if (!key) throw new ControlError(404, `there is no key ${id}`);
        if (keys.latest(key).state === "Deleted") throw new ControlError(409, `${key.arn} is deleted`);
        const { visibleAfterMs = 0 } = next;
        const fault = next.state === undefined ? null : await upstream.setState(key, next.state, visibleAfterMs);
        if (fault instanceof AwsFault) throw new ControlError(409, `the upstream refuses: ${fault.code} ${fault.message ?? ""}`);
        const effectiveAt = keys.change(key, conditionPatch(next, keys.latest(key), clock.now()), "set-state", visibleAfterMs);
        return { ...keyView(world, key), effectiveAt: new Date(effectiveAt).toISOString() };
      },
    },
    faults: {
      list: async () => faults.list(),
      async replace(rules) {
        faults.replace(rules);
        return faultsChanged("replace");
      },
      async add(rules) {
        faults.add(rules);
        return faultsChanged("add");
      },
      async remove(rules) {
        faults.remove(rules);
        return faultsChanged("remove");
      },
      async clear() {
        faults.clear();
        return faultsChanged("clear");
      },
    },
    effects: {
      get: async () => world.effects,
      async set(effects) {
        world.effects = effects;
        events.change({ subject: "effects", id: null, change: "set" });
        return effects;
      },
    },
    clock: {
      get: async () => clockView(world),
      async set(move) {
        if (!clock.setOffset(offsetAfter(move, world)))
          throw new ControlError(409, "the clock does not move back, but for a reset");
        const effectiveAt = events.change({ subject: "clock", id: null, change: "set", state: clockView(world).now });
        return { ...clockView(world), effectiveAt };
      },
    },
    subscribe: async (listener, { since } = {}) => events.subscribe(listener, since),
    async reset() {
      resetWorld(world);
      return { effectiveAt: events.change({ subject: "simulator", id: null, change: "reset" }) };
    },
  };
}

function conditionPatch(next: NewKeyState, latest: KeyCondition, now: number): Partial<KeyCondition> {
  const pending = next.state === "PendingDeletion" || next.state === "PendingReplicaDeletion";
  return {
    ...(next.state === undefined
      ? {}
      : {
          state: next.state,
          deletionDate: pending ? (latest.deletionDate ?? now + 30 * DAY_MS) : null,
          pendingWindowDays: null,
        }),
    ...(next.pendingDeletionError === undefined ? {} : { pendingDeletionError: next.pendingDeletionError }),
    ...(next.externalKey === undefined ? {} : { externalKey: next.externalKey }),
  };
}

const livingKeys = ({ keys }: World): KeyRecord[] => keys.list().filter((key) => keys.latest(key).state !== "Deleted");

function accountView(account: Account, principal: PrincipalRecord): AccountView {
  const { id, name, status, profile, organizationId, principals } = account;
  return { id, name, status, profile, organizationId, ...credentials(principal), principals: principals.map(credentials) };
}

const credentials = ({ principalArn, accessKeyId, secretAccessKey }: PrincipalRecord) => ({
  principalArn,
  accessKeyId,
  secretAccessKey,
});

const principalView = (principal: PrincipalRecord): PrincipalView => ({
  ...credentials(principal),
  policies: principal.policies?.map(({ text }) => text) ?? null,
  trustPolicy: principal.trust?.text ?? null,
  tags: principal.tags,
  viaService: principal.viaService,
});

function keyView({ keys }: World, key: KeyRecord): KeyView {
  const latest = keys.latest(key);
  return {
    arn: key.arn,
    id: key.id,
    accountId: key.accountId,
    region: key.region,
    state: latest.state,
    visibleState: keys.visible(key).state,
    policy: latest.policy.text,
    description: key.description,
    keySpec: key.keySpec,
    keyUsage: key.keyUsage,
    origin: key.origin,
    multiRegion: key.multiRegion,
    pendingDeletionError: latest.pendingDeletionError,
    externalKey: latest.externalKey,
    createdAt: new Date(key.createdAt).toISOString(),
    deletionDate: latest.deletionDate === null ? null : new Date(latest.deletionDate).toISOString(),
    tags: key.tags.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
  };
}

const clockView = ({ clock }: World): ClockView => ({ now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs });

function offsetAfter(move: ClockMove, { clock }: World): number {
  if ("advanceMs" in move) return clock.offsetMs + move.advanceMs;
  if ("offsetMs" in move) return move.offsetMs;
  return new Date(move.now).getTime() - clock.wall();
}
