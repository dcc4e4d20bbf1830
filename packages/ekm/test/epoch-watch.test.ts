// Invariant: a lock stops every process within a second. No frame is released unless the account's key epoch was read less
// than a second before; while it cannot be read, or after the process stood still, frames wait.
import { AccountKey, type FrameGate, GateClosedError, type LeaseKeeper } from "@ekm/crypto-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEpochWatch, createKeyring, type EpochWatch, type KeyEpoch, type Keyring, type Problem } from "../src/index.js";
import { createFakeClock, createMemoryPorts, type FakeClock, type MemoryPorts } from "../testing/index.js";
import { change, cloudAccount, enterpriseAccount, leasesOf, lock, unlock } from "./support/accounts.js";

const ID = "acc_1";
const EPOCH: KeyEpoch = { keyEpoch: 1, locked: false };

/** Epochs as a test sets them, behind reads that it can hold up or break. */
function setUp() {
  const fake = createFakeClock();
  let stoodStillMs = 0;
  const clock = { ...fake, monotonicMs: () => fake.monotonicMs() + stoodStillMs };
  const state = { epochs: new Map([[ID, EPOCH]]), reads: 0, failing: false, held: null as Promise<void> | null };
  const told: string[] = [];
  const gate = { open: true, waits: 0 };
  const leases: Pick<LeaseKeeper<Problem>, "endAll" | "invalidate"> = {
    endAll: (prefix, reason) => told.push(`end ${prefix} ${reason.code}`),
    invalidate: (prefix) => told.push(`invalidate ${prefix}`),
  };
  const inner: FrameGate = {
    isOpen: () => gate.open,
    async waitUntilOpen() {
      gate.waits++;
      if (!gate.open) throw new GateClosedError("the lease's own reason");
    },
  };
  const watch = createEpochWatch({
    leases,
    clock,
    async readEpochs(ids) {
      state.reads++;
      const answer = new Map(ids.flatMap((id) => (state.epochs.has(id) ? [[id, state.epochs.get(id) ?? EPOCH]] : [])));
      await state.held;
      if (state.failing) throw new Error("the database is gone");
      return answer;
    },
  });
  closers.push(() => watch.close());
  const stand = (ms: number) => {
    stoodStillMs += ms;
  };
  return { watch, clock: fake as FakeClock, state, told, gate, inner, stand };
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const holdOf = async (watch: EpochWatch, id = ID) => {
  const held = await watch.hold(id);
  if (!held.ok) throw new Error(held.error.code);
  return held.value;
};

/** Whether a wait at the gate has ended by now. */
function waiting(gate: FrameGate) {
  const seen = { ended: false, error: undefined as unknown };
  gate
    .waitUntilOpen()
    .catch((error: unknown) => {
      seen.error = error;
    })
    .finally(() => {
      seen.ended = true;
    });
  return seen;
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("the watch", () => {
  it("reads before it answers, and every 250 ms while somebody holds the account", async () => {
    const { watch, clock, state } = setUp();
    const hold = await holdOf(watch);
    expect(state.reads).toBe(1);
    await clock.advance(1_000);
    expect(state.reads).toBe(5);
    hold.release();
    await clock.advance(1_000);
    expect(state.reads).toBe(5);
    expect(clock.sleepers).toBe(0);
    await holdOf(watch);
    await clock.advance(250);
    expect(state.reads).toBe(7);
  });

  it("sees a lock with the next read: ends the leases, and answers KEYS_LOCKED from then on", async () => {
    const { watch, clock, state, told } = setUp();
    await holdOf(watch);
    told.length = 0;
    state.epochs.set(ID, { keyEpoch: 2, locked: true });
    await clock.advance(249);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([`end ${ID}/ KEYS_LOCKED`]);
    expect(await watch.hold(ID)).toMatchObject({ ok: false, error: { code: "KEYS_LOCKED" } });
  });

  it("voids leases at any other change of the epoch, and after a lock was lifted between two reads", async () => {
    const { watch, clock, state, told } = setUp();
    await holdOf(watch);
    told.length = 0;
    await clock.advance(2_000);
    expect(told).toEqual([]);
    state.epochs.set(ID, { keyEpoch: 2, locked: false });
    await clock.advance(250);
    state.epochs.set(ID, { keyEpoch: 4, locked: false });
    await clock.advance(250);
    expect(told).toEqual([`invalidate ${ID}/`, `invalidate ${ID}/`]);
  });

  it("voids what outlived its holder when the epoch changed while nobody watched, and only then", async () => {
    const { watch, state, told } = setUp();
    (await holdOf(watch)).release();
    told.length = 0;
    (await holdOf(watch)).release();
    expect(told).toEqual([]);
    state.epochs.set(ID, { keyEpoch: 2, locked: false });
    await holdOf(watch);
    expect(told).toEqual([`invalidate ${ID}/`]);
  });

  it("knows no account that is not there", async () => {
    const { watch, clock, state } = setUp();
    expect(await watch.hold("acc_unknown")).toMatchObject({ ok: false, error: { code: "ACCOUNT_NOT_FOUND" } });
    await clock.advance(1_000);
    expect(state.reads).toBe(1);
  });

  it("takes an answer that was long on its way for old news", async () => {
    const { watch, clock, state, told } = setUp();
    await holdOf(watch);
    let answer = () => {};
    state.held = new Promise((resolve) => {
      answer = resolve;
    });
    await clock.advance(250); // this read is held up, with the old epoch
    state.held = null;
    state.epochs.set(ID, { keyEpoch: 2, locked: true });
    await clock.advance(100);
    expect((await watch.hold(ID)).ok).toBe(false);
    told.length = 0;
    answer();
    await settle();
    expect(told).toEqual([]);
  });
});

describe("the gate", () => {
  it("needs the lease's gate and a fresh epoch, both", async () => {
    const { watch, inner, gate } = setUp();
    const both = watch.gateFor(ID, inner);
    expect(both.isOpen()).toBe(false);
    await holdOf(watch);
    expect(both.isOpen()).toBe(true);
    gate.open = false;
    expect(both.isOpen()).toBe(false);
    await expect(both.waitUntilOpen()).rejects.toMatchObject({ reason: "the lease's own reason" });
  });

  it("closes when reads have failed for a second, and opens again with the first that succeeds", async () => {
    const { watch, clock, state, inner } = setUp();
    await holdOf(watch);
    const both = watch.gateFor(ID, inner);
    state.failing = true;
    await clock.advance(999);
    expect(both.isOpen()).toBe(true);
    await clock.advance(1);
    expect(both.isOpen()).toBe(false);
    await clock.advance(60_000);
    expect(both.isOpen()).toBe(false);
    // A stream's loop over the gate: it waits, and does not spin.
    let rounds = 0;
    const streamed = (async () => {
      for (; !both.isOpen(); rounds++) await both.waitUntilOpen();
    })();
    const before = state.reads;
    await clock.advance(1_000);
    expect(state.reads - before).toBe(4);
    expect(rounds).toBeLessThanOrEqual(4);
    state.failing = false;
    await clock.advance(250);
    await streamed;
    expect(both.isOpen()).toBe(true);
  });

  it("counts the age of an epoch from the question, not from the answer", async () => {
    const { watch, clock, state, inner } = setUp();
    await holdOf(watch);
    const both = watch.gateFor(ID, inner);
    let answer = () => {};
    state.held = new Promise((resolve) => {
      answer = resolve;
    });
    await clock.advance(250);
    await clock.advance(1_000);
    answer();
    state.held = null;
    await settle();
    expect(both.isOpen()).toBe(false);
    await clock.advance(250);
    expect(both.isOpen()).toBe(true);
  });

  it.each([
    ["both clocks", (parts: ReturnType<typeof setUp>) => parts.stand(5_000)],
    ["the wall clock alone", (parts: ReturnType<typeof setUp>) => parts.clock.stepWall(5_000)],
  ])("of a process that stood still by %s lets nothing through before a new read", async (_, standStill) => {
    const parts = setUp();
    const { watch, clock, state, inner, told } = parts;
    await holdOf(watch);
    const both = watch.gateFor(ID, inner);
    told.length = 0;
    state.epochs.set(ID, { keyEpoch: 2, locked: true });
    standStill(parts);
    expect(both.isOpen()).toBe(false);
    const seen = waiting(both);
    await settle();
    expect(seen.ended).toBe(false);
    await clock.advance(250);
    expect(seen.ended).toBe(true);
    expect(told).toEqual([`end ${ID}/ KEYS_LOCKED`]);
  });

  it("does not open because the wall clock was set back", async () => {
    const { watch, clock, state, inner } = setUp();
    await holdOf(watch);
    state.failing = true;
    clock.stepWall(-3_600_000);
    await clock.advance(1_000);
    expect(watch.gateFor(ID, inner).isOpen()).toBe(false);
  });

  it("lets nobody wait for ever once the watch is closed", async () => {
    const { watch, inner } = setUp();
    await holdOf(watch);
    const both = watch.gateFor(ID, inner);
    watch.close();
    expect(both.isOpen()).toBe(false);
    await expect(both.waitUntilOpen()).rejects.toThrow("closed");
  });
});

describe("a keyring with a watch", () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = createMemoryPorts();
  });

  function processOver(): Keyring {
    const leases = leasesOf(ports);
    const watch = createEpochWatch({ readEpochs: (ids) => ports.store.read.accounts.keyEpochs(ids), leases, clock: ports.clock });
    closers.push(() => {
      watch.close();
      leases.close();
    });
    return createKeyring(ports, leases, watch);
  }
  const must = <T>(outcome: { ok: true; value: T } | { ok: false; error: Problem }): T => {
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.value;
  };

  it("stops what runs in every process within a second of a lock, and serves again after the unlock", async () => {
    const account = await enterpriseAccount(ports, ports.kms.addKey().arn);
    const [one, two] = [processOver(), processOver()];
    const sealing = must(await one.forSealing(account.id));
    const reading = must(await two.forReading(account.id, 1));
    await ports.clock.advance(10_000);
    expect([sealing.gate.isOpen(), reading.gate.isOpen()]).toEqual([true, true]);
    await lock(ports, account.id);
    await ports.clock.advance(250);
    for (const { gate } of [sealing, reading]) {
      expect(gate.isOpen()).toBe(false);
      await expect(gate.waitUntilOpen()).rejects.toMatchObject({ reason: { code: "KEYS_LOCKED" } });
    }
    expect(() => sealing.key).toThrow();
    expect(await two.forReading(account.id, 1)).toMatchObject({ error: { code: "KEYS_LOCKED" } });
    await unlock(ports, account.id);
    expect(must(await one.forSealing(account.id)).gate.isOpen()).toBe(true);
  });

  it("asks KMS anew after a switch, within a second, and goes on", async () => {
    const account = await cloudAccount(ports);
    const sealing = must(await processOver().forSealing(account.id));
    ports.kms.calls.length = 0;
    await change(ports, account.id, (row) => ({ ...row, keyEpoch: row.keyEpoch + 1 }));
    await ports.clock.advance(250);
    expect(ports.kms.countOf("decrypt")).toBe(1);
    expect(sealing.gate.isOpen()).toBe(true);
  });

  it("drops an unwrap that a change overtook: what was read before the change serves nothing", async () => {
    const account = await cloudAccount(ports);
    must(await processOver().forSealing(account.id)).release();
    const keyring = processOver();
    const answers: (() => void)[] = [];
    ports.kms.hooks.after = () => new Promise<void>((resolve) => answers.push(resolve));
    const reading = keyring.forReading(account.id, 1);
    await settle();
    await lock(ports, account.id);
    await ports.clock.advance(250);
    expect(answers).toHaveLength(1);
    for (const answer of answers) answer();
    expect(await reading).toMatchObject({ ok: false, error: { code: "KEYS_LOCKED" } });
  });

  it("shares a lease among jobs one after the other: one call, however many", async () => {
    const account = await cloudAccount(ports);
    const keyring = processOver();
    must(await keyring.forSealing(account.id)).release();
    ports.kms.calls.length = 0;
    for (let n = 0; n < 100; n++) {
      const { key, gate, release } = must(await keyring.forReading(account.id, 1));
      expect(gate.isOpen()).toBe(true);
      expect(key).toBeInstanceOf(AccountKey);
      release();
      release();
    }
    expect(ports.kms.calls).toEqual([]);
  });

  it("watches no account whose lease could not be had, or has been given back", async () => {
    const key = ports.kms.addKey();
    const account = await enterpriseAccount(ports, key.arn);
    const keyring = processOver();
    must(await keyring.forSealing(account.id)).release();
    await ports.clock.advance(61_000);
    key.denied = true;
    expect(await keyring.forReading(account.id, 1)).toMatchObject({ ok: false });
    await ports.clock.advance(1_000);
    expect(ports.clock.sleepers).toBe(0);
  });
});
