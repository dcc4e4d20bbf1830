import type { AccountKey, FrameGate, LeasedKey, LeaseKeeper } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Problem } from "../errors/outcome.js";
import type { KeyGeneration } from "../keys/generation.js";
import type { AccountHold, EpochWatch } from "../locking/epoch-watch.js";
import { ensureKeyRecord } from "./ensure-key-record.js";
import { ensureOpenGeneration } from "./ensure-open-generation.js";
import type { KeyringPorts } from "./keyring-ports.js";
import { unwrapGeneration } from "./unwrap-generation.js";
import { createWrapReservoir } from "./wrap-reservoir.js";

/** A generation's key, under a lease. */
export interface AccessibleKey {
  readonly generation: number;
  /** Only while the gate is open. */
  readonly key: AccountKey;
  /** Rejects with GateClosedError<Problem>. */
  readonly gate: FrameGate;
  release(): void;
}
export interface SealingKey extends AccessibleKey {
  /** Takes one data-key wrap out of the reserved block. False: the generation is full or closed. */
  takeWrap(): Promise<boolean>;
}

/** The account's keys under leases: what the vault asks for. Throws StoreError and what KeyRecords throws, for nothing else. */
export interface Keyring {
  /** The open generation of the account, made if there is none, with the right to data-key wraps under it. */
  forSealing(accountId: string): Promise<Outcome<SealingKey, Problem>>;
  forReading(accountId: string, generation: number): Promise<Outcome<AccessibleKey, Problem>>;
}

const MAX_TRIES = 3;
const MAX_RECORDS_KNOWN = 10_000;

/** With a watch, a lock, an enabling or a switch is seen within a second; without one, at a lease's next renewal. */
export function createKeyring(ports: KeyringPorts, leases: LeaseKeeper<Problem>, watch?: EpochWatch): Keyring {
  const unwrap = unwrapGeneration(ports);
  const reservoir = createWrapReservoir(ports.store);
  const ensureOpen = oneAtATime((accountId) => ensureOpenGeneration(ports, accountId));
  /** Generations whose key record this process has seen in place. */
  const recorded = new Set<string>();

  const refusalOf = async (accountId: string): Promise<Problem | null> => {
    const account = await ports.store.read.accounts.byId(accountId);
    if (account === null) return problem("ACCOUNT_NOT_FOUND");
    return account.keyLock ? problem("KEYS_LOCKED") : null;
  };
  /** The epoch is read before the lease is acquired: what is unwrapped, or shared, is never older than it. */
  async function lease(accountId: string, generation: number): Promise<Outcome<LeasedKey, Problem>> {
    const held = (await watch?.hold(accountId)) ?? ok(NOT_WATCHED);
    if (!held.ok) return held;
    let leased: Outcome<LeasedKey, Problem> | undefined;
    try {
      leased = await leases.acquire(`${accountId}/${generation}`, () => unwrap(accountId, generation));
    } finally {
      if (!leased?.ok) held.value.release();
    }
    return leased.ok && watch ? ok(watched(accountId, leased.value, watch, held.value)) : leased;
  }

  async function withRecord(row: KeyGeneration): Promise<void> {
    const id = `${row.accountId}/${row.generation}`;
    if (recorded.has(id)) return;
    await ensureKeyRecord(ports, row);
    if (recorded.size >= MAX_RECORDS_KNOWN) recorded.clear();
    recorded.add(id);
  }

  return {
    async forSealing(accountId) {
      const refusal = await refusalOf(accountId);
      if (refusal !== null) return fail(refusal);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const open = await ensureOpen(accountId);
        if (!open.ok) return open;
        const { generation } = open.value;
        if (!(await reservoir.fill(accountId, generation))) continue;
        await withRecord(open.value);
        const leased = await lease(accountId, generation);
        if (!leased.ok) return leased;
        return ok(sealingKey(generation, leased.value, () => reservoir.take(accountId, generation)));
      }
      return fail(problem("JOB_CONFLICT"));
    },
    async forReading(accountId, generation) {
      const refusal = await refusalOf(accountId);
      if (refusal !== null) return fail(refusal);
      const leased = await lease(accountId, generation);
      return leased.ok ? ok(accessibleKey(generation, leased.value)) : leased;
    },
  };
}

const NOT_WATCHED: AccountHold = { release: () => {} };

function watched(accountId: string, leased: LeasedKey, watch: EpochWatch, hold: AccountHold): LeasedKey {
  const gate = watch.gateFor(accountId, leased.gate);
  let released = false;
  return {
    get key() {
      return leased.key;
    },
    gate,
    isLive: () => gate.isOpen(),
    release() {
      if (released) return;
      released = true;
      leased.release();
      hold.release();
    },
  };
}

/** A renewal may bring another key object, so the lease is asked each time. */
const accessibleKey = (generation: number, leased: LeasedKey): AccessibleKey => ({
  generation,
  get key() {
    return leased.key;
  },
  gate: leased.gate,
  release: () => leased.release(),
});

const sealingKey = (generation: number, leased: LeasedKey, takeWrap: () => Promise<boolean>): SealingKey => ({
  generation,
  get key() {
    return leased.key;
  },
  gate: leased.gate,
  release: () => leased.release(),
  takeWrap,
});

/** Equal requests at once share one piece of work. */
function oneAtATime<T>(work: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (id) => {
    const current = running.get(id);
    if (current !== undefined) return current;
    const started = work(id).finally(() => running.delete(id));
    running.set(id, started);
    return started;
  };
}
