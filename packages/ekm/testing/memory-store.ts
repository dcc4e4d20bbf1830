import { type Account, keyManagementOf } from "../src/accounts/account.js";
import { nextEvent } from "../src/audit/chain.js";
import type { AuditEvent } from "../src/audit/event.js";
import type { KeyHealth } from "../src/health/health.js";
import type { Backup, BackupSource, Job, JobKind, Restore } from "../src/jobs/job.js";
import { type CanaryWrap, type KeyGeneration, type KeyWrap, MAX_WRAPS_PER_GENERATION } from "../src/keys/generation.js";
import type { Clock, Ids } from "../src/ports/clock.js";
import {
  type AccountFilter,
  type AuditRepository,
  type JobFilter,
  type Page,
  type PageRequest,
  type Repositories,
  type Store,
  StoreError,
} from "../src/ports/store.js";

interface QueuedJob extends Job {
  readonly at: Date;
  readonly heldBy: string | null;
  /** While held: when the lease ends. While free: from when it may be claimed. */
  readonly until: number;
}

interface State {
  readonly accounts: Map<string, Account>;
  readonly generations: Map<string, KeyGeneration>;
  readonly wraps: Map<string, KeyWrap>;
  readonly canaries: Map<string, CanaryWrap>;
  readonly health: Map<string, KeyHealth>;
  readonly healthHistory: Map<string, KeyHealth>;
  readonly sources: Map<string, BackupSource>;
  readonly backups: Map<string, Backup>;
  readonly restores: Map<string, Restore>;
  readonly audit: Map<string, AuditEvent>;
  readonly jobs: Map<string, QueuedJob>;
}

const emptyState = (): State => ({
  accounts: new Map(),
  generations: new Map(),
  wraps: new Map(),
  canaries: new Map(),
  health: new Map(),
  healthHistory: new Map(),
  sources: new Map(),
  backups: new Map(),
  restores: new Map(),
  audit: new Map(),
  jobs: new Map(),
});

// Rows are immutable values, so copying the tables copies the state.
const copyState = (state: State): State =>
  Object.fromEntries(Object.entries(state).map(([table, rows]) => [table, new Map(rows)])) as unknown as State;

export interface MemoryStore extends Store {
  /** How often `scrub` was called. */
  readonly scrubs: number;
}

/**
 * The Store port in memory, for tests. Transactions run one after another on a copy of the state; the copy becomes the state
 * when the work resolves. Writing through `read`, or through a transaction that has ended, throws StoreError.
 */
export function createMemoryStore(parts: { clock: Clock; ids: Ids }): MemoryStore {
  let committed = emptyState();
  let last: Promise<unknown> = Promise.resolve();
  let scrubs = 0;
  const refuseWrite = (): State => {
    throw new StoreError("writes need a transaction");
  };
  return {
    read: repositories(() => committed, refuseWrite, parts),
    transaction(work) {
      const run = last.then(async () => {
        const working = copyState(committed);
        let open = true;
        const state = (): State => {
          if (!open) throw new StoreError("the transaction has ended");
          return working;
        };
        try {
          const result = await work(repositories(state, state, parts));
          committed = working;
          return result;
        } finally {
          open = false;
        }
      });
      last = run.catch(() => undefined);
      return run;
    },
    async scrub() {
      scrubs += 1;
    },
    async close() {
      await last;
    },
    get scrubs() {
      return scrubs;
    },
  };
}

const byIdDescending = (a: { id: string }, b: { id: string }) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function pageOf<T extends { readonly id: string }>(rows: readonly T[], request: PageRequest): Page<T> {
  const { after, first } = request;
  const rest = rows.filter((row) => after === undefined || row.id < after).sort(byIdDescending);
  return { items: rest.slice(0, first), hasNextPage: rest.length > first };
}

function insertRow<T extends { readonly id: string }>(table: Map<string, T>, row: T): void {
  if (table.has(row.id)) throw new StoreError(`duplicate id ${row.id}`);
  table.set(row.id, row);
}

const generationKey = (accountId: string, generation: number) => `${accountId}/${generation}`;
const canaryKey = (accountId: string, keyArn: string) => `${accountId} ${keyArn}`;

function repositories(read: () => State, write: () => State, parts: { clock: Clock; ids: Ids }): Repositories {
  const ownedBy = <T extends { readonly accountId: string }>(table: Map<string, T>, accountId: string): T[] =>
    [...table.values()].filter((row) => row.accountId === accountId);

  const matching = (filter: AccountFilter): Account[] =>
    [...read().accounts.values()].filter((account) => {
      const search = filter.search?.toLowerCase();
      return (
        (filter.keyManagement === undefined || keyManagementOf(account) === filter.keyManagement) &&
        (filter.ekmStatus === undefined || account.ekm.status === filter.ekmStatus) &&
        (filter.health === undefined || read().health.get(account.id)?.state === filter.health) &&
        (search === undefined || account.id === filter.search || account.name.toLowerCase().includes(search))
      );
    });
  const usesCustomerKey = (account: Account) => account.ekm.status === "ENABLED" || account.ekm.status === "ROTATING";
  const inFilter = (filter: JobFilter) => (row: Backup | Restore) =>
    (filter.status === undefined || row.status === filter.status) &&
    (filter.sourceId === undefined || ("sourceId" in row && row.sourceId === filter.sourceId));

  const held = (job: Job): QueuedJob | null => {
    const row = read().jobs.get(job.id);
    return row && row.heldBy !== null && row.fence === job.fence ? row : null;
  };
  const wrapsOf = (accountId: string) =>
    ownedBy(read().wraps, accountId).sort((a, b) => a.generation - b.generation || (a.id < b.id ? -1 : 1));
  const auditOf = (accountId: string) => ownedBy(read().audit, accountId).sort((a, b) => a.sequence - b.sequence);

  const audit: AuditRepository = {
    async append(accountId, at, entry) {
      const event = nextEvent(auditOf(accountId).at(-1) ?? null, parts.ids.next("aud"), accountId, at, entry);
      insertRow(write().audit, event);
      return event;
    },
    async page(accountId, request, filter) {
      const before = request.after === undefined ? Number.POSITIVE_INFINITY : (read().audit.get(request.after)?.sequence ?? 0);
      const rest = auditOf(accountId)
        .filter((event) => event.sequence < before && (filter.action === undefined || event.action === filter.action))
        .reverse();
      return { items: rest.slice(0, request.first), hasNextPage: rest.length > request.first };
    },
    async count(accountId, filter) {
      return BigInt(auditOf(accountId).filter((event) => filter.action === undefined || event.action === filter.action).length);
    },
    async chain(accountId, afterSequence, limit) {
      return auditOf(accountId)
        .filter((event) => event.sequence > afterSequence)
        .slice(0, limit);
    },
  };

  return {
    accounts: {
      async byId(id) {
        return read().accounts.get(id) ?? null;
      },
      async insert(account) {
        insertRow(write().accounts, account);
      },
      async save(account) {
        const { accounts } = write();
        if (accounts.get(account.id)?.version !== account.version) return false;
        accounts.set(account.id, { ...account, version: account.version + 1 });
        return true;
      },
      async page(request, filter) {
        return pageOf(matching(filter), request);
      },
      async count(filter) {
        return BigInt(matching(filter).length);
      },
      async usingKey(keyArn, exceptAccountId) {
        return [...read().accounts.values()]
          .filter((account) => account.id !== exceptAccountId && "key" in account.ekm && account.ekm.key.arn === keyArn)
          .map((account) => account.id);
      },
      async dueForProbe(before, limit) {
        const checkedAt = (account: Account) => read().health.get(account.id)?.checkedAt.getTime() ?? Number.NEGATIVE_INFINITY;
        return [...read().accounts.values()]
          .filter((account) => usesCustomerKey(account) && checkedAt(account) < before.getTime())
          .sort((a, b) => checkedAt(a) - checkedAt(b))
          .slice(0, limit);
      },
    },
    keys: {
      async generations(accountId) {
        return ownedBy(read().generations, accountId).sort((a, b) => a.generation - b.generation);
      },
      async generation(accountId, generation) {
        return read().generations.get(generationKey(accountId, generation)) ?? null;
      },
      async insertGeneration(generation) {
        const key = generationKey(generation.accountId, generation.generation);
        if (write().generations.has(key)) throw new StoreError(`duplicate generation ${key}`);
        write().generations.set(key, generation);
      },
      async closeGeneration(accountId, generation, at) {
        const key = generationKey(accountId, generation);
        const row = read().generations.get(key);
        if (row && row.closedAt === undefined) write().generations.set(key, { ...row, closedAt: at });
      },
      async reserveWraps(accountId, generation, count) {
        const key = generationKey(accountId, generation);
        const row = read().generations.get(key);
        if (!row || row.closedAt || row.reservedWraps + count > MAX_WRAPS_PER_GENERATION) return false;
        write().generations.set(key, { ...row, reservedWraps: row.reservedWraps + count });
        return true;
      },
      async wraps(accountId) {
        return wrapsOf(accountId);
      },
      async currentWrap(accountId, generation) {
        return wrapsOf(accountId).find((wrap) => wrap.generation === generation && wrap.state === "CURRENT") ?? null;
      },
      async insertWrap(wrap) {
        const clash = wrapsOf(wrap.accountId).some(
          (other) =>
            other.generation === wrap.generation &&
            (other.keyArn === wrap.keyArn || (other.state === "CURRENT" && wrap.state === "CURRENT")),
        );
        if (clash) throw new StoreError(`generation ${wrap.generation} of ${wrap.accountId} already has such a wrap`);
        insertRow(write().wraps, wrap);
      },
      async promoteWraps(accountId, keyArn) {
        const pending = wrapsOf(accountId).filter((wrap) => wrap.keyArn === keyArn && wrap.state === "PENDING");
        for (const wrap of pending) write().wraps.set(wrap.id, { ...wrap, state: "CURRENT" });
        return pending.length;
      },
      async deleteWraps(accountId, keyArn, state) {
        const doomed = wrapsOf(accountId).filter(
          (wrap) => wrap.keyArn === keyArn && (state === undefined || wrap.state === state),
        );
        for (const wrap of doomed) write().wraps.delete(wrap.id);
        return doomed.length;
      },
      async canary(accountId, keyArn) {
        return read().canaries.get(canaryKey(accountId, keyArn)) ?? null;
      },
      async putCanary(canary) {
        write().canaries.set(canaryKey(canary.accountId, canary.keyArn), canary);
      },
    },
    health: {
      async current(accountId) {
        return read().health.get(accountId) ?? null;
      },
      async put(health) {
        const { health: current, healthHistory } = write();
        const latest = ownedBy(healthHistory, health.accountId).sort(byIdDescending)[0];
        if (!latest || latest.state !== health.state || latest.problem?.code !== health.problem?.code) {
          insertRow(healthHistory, health);
        }
        current.set(health.accountId, health);
      },
      async history(accountId, request) {
        return pageOf(ownedBy(read().healthHistory, accountId), request);
      },
    },
    sources: {
      async byId(id) {
        return read().sources.get(id) ?? null;
      },
      async insert(source) {
        insertRow(write().sources, source);
      },
      async page(accountId, request) {
        return pageOf(ownedBy(read().sources, accountId), request);
      },
      async count(accountId) {
        return BigInt(ownedBy(read().sources, accountId).length);
      },
    },
    backups: {
      async byId(id) {
        return read().backups.get(id) ?? null;
      },
      async insert(backup) {
        insertRow(write().backups, backup);
      },
      async saveFenced(backup, job) {
        if (!held(job)) return false;
        write().backups.set(backup.id, backup);
        return true;
      },
      async page(accountId, request, filter) {
        return pageOf(ownedBy(read().backups, accountId).filter(inFilter(filter)), request);
      },
      async count(accountId, filter) {
        return BigInt(ownedBy(read().backups, accountId).filter(inFilter(filter)).length);
      },
      async impact(accountId) {
        const succeeded = ownedBy(read().backups, accountId).filter((backup) => backup.status === "SUCCEEDED");
        return {
          backups: BigInt(succeeded.length),
          bytes: succeeded.reduce((sum, backup) => sum + (backup.bytes ?? 0n), 0n),
          generations: new Set(succeeded.map((backup) => backup.generation)).size,
        };
      },
    },
    restores: {
      async byId(id) {
        return read().restores.get(id) ?? null;
      },
      async insert(restore) {
        insertRow(write().restores, restore);
      },
      async saveFenced(restore, job) {
        if (!held(job)) return false;
        write().restores.set(restore.id, restore);
        return true;
      },
      async page(accountId, request, filter) {
        return pageOf(ownedBy(read().restores, accountId).filter(inFilter(filter)), request);
      },
      async count(accountId, filter) {
        return BigInt(ownedBy(read().restores, accountId).filter(inFilter(filter)).length);
      },
    },
    audit,
    jobs: {
      async enqueue(job) {
        insertRow(write().jobs, { ...job, fence: 0, attempts: 0, heldBy: null, until: job.at.getTime() });
      },
      async claim(owner, kinds, leaseMs) {
        const now = parts.clock.now().getTime();
        const rank = (kind: JobKind) => (kind === "RESTORE" ? 0 : kind === "BACKUP" ? 1 : 2);
        const next = [...read().jobs.values()]
          .filter((job) => kinds.includes(job.kind) && job.until <= now)
          .sort((a, b) => rank(a.kind) - rank(b.kind) || a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))[0];
        if (!next) return null;
        const claimed = { ...next, heldBy: owner, until: now + leaseMs, fence: next.fence + 1, attempts: next.attempts + 1 };
        write().jobs.set(next.id, claimed);
        const { id, kind, accountId, subjectId, fence, attempts } = claimed;
        return { id, kind, accountId, subjectId, fence, attempts };
      },
      async renew(job, leaseMs) {
        const row = held(job);
        if (row) write().jobs.set(job.id, { ...row, until: parts.clock.now().getTime() + leaseMs });
        return row !== null;
      },
      async complete(job) {
        return held(job) !== null && write().jobs.delete(job.id);
      },
      async release(job, delayMs) {
        const row = held(job);
        if (row) write().jobs.set(job.id, { ...row, heldBy: null, until: parts.clock.now().getTime() + delayMs });
        return row !== null;
      },
    },
  };
}
