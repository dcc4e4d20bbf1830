// Invariant: a key is used for at most the lease's duration from the moment its request was sent; a refusal stops use at once, is
// confirmed before it ends anything, and nothing but a new answer of KMS opens a gate again.
import { afterEach, describe, expect, it } from "vitest";
import {
  type AcquireOutcome,
  createLeaseKeeper,
  GateClosedError,
  type LeasedKey,
  type LeaseKeeper,
  type UnwrapReport,
} from "../src/index.js";
import { FakeClock, settle } from "../testing/fake-clock.js";
import { type Answer, FakeKms } from "../testing/fake-kms.js";

const LEASE = 60_000;
const ID = "acc-1/7";

interface World {
  readonly clock: FakeClock;
  readonly kms: FakeKms;
  readonly keeper: LeaseKeeper<string>;
  readonly reports: [string, UnwrapReport<string>][];
  acquire(): Promise<AcquireOutcome<string>>;
  hold(): Promise<LeasedKey>;
}

const keepers: LeaseKeeper<string>[] = [];
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.close();
});

function world(...plan: Answer[]): World {
  const clock = new FakeClock();
  const kms = new FakeKms(clock);
  kms.plan = plan;
  const reports: World["reports"] = [];
  const keeper = createLeaseKeeper<string>({ clock, durationMs: LEASE, onOutcome: (...report) => reports.push(report) });
  keepers.push(keeper);
  const acquire = (): Promise<AcquireOutcome<string>> => keeper.acquire(ID, kms.unwrap);
  const hold = async (): Promise<LeasedKey> => {
    const outcome = await acquire();
    if (!outcome.ok) throw new Error(outcome.error);
    return outcome.value;
  };
  return { clock, kms, keeper, reports, acquire, hold };
}

/** What became of a wait so far. */
function watch(wait: Promise<void>): { state: "waiting" | "open" | { closed: unknown } | { error: unknown } } {
  const watched: ReturnType<typeof watch> = { state: "waiting" };
  wait.then(
    () => {
      watched.state = "open";
    },
    (error: unknown) => {
      watched.state = error instanceof GateClosedError ? { closed: error.reason } : { error };
    },
  );
  return watched;
}

describe("acquiring", () => {
  it("unwraps once and shares a live lease", async () => {
    const { kms, hold } = world("unwrapped");
    const [one, two] = [await hold(), await hold()];
    expect(kms.calls.length).toBe(1);
    expect(one.key).toBe(two.key);
    expect(one.gate.isOpen() && one.isLive()).toBe(true);
    await one.gate.waitUntilOpen();
  });

  it("asks once for all who come while the request is under way", async () => {
    const { kms, acquire } = world();
    const all = Promise.all([acquire(), acquire(), acquire()]);
    await settle();
    expect(kms.pending.length).toBe(1);
    kms.pending[0]?.answer("unwrapped");
    expect((await all).every(({ ok }) => ok)).toBe(true);
    expect(kms.calls.length).toBe(1);
  });

  it.each(["refused", "unavailable"] as const)(
    "answers the failure when a first request is %s, and asks anew next time",
    async (answer) => {
      const { kms, acquire, reports } = world(answer, "unwrapped");
      expect(await acquire()).toEqual({ ok: false, error: `${answer} 1` });
      expect(kms.calls.length).toBe(1);
      expect((await acquire()).ok).toBe(true);
      expect(reports).toEqual([
        [ID, { kind: answer, failure: `${answer} 1` }],
        [ID, { kind: "unwrapped" }],
      ]);
    },
  );

  it("rejects with what an unwrap threw: that is a bug", async () => {
    const { acquire } = world("throws");
    await expect(acquire()).rejects.toThrowError("bug 1");
  });

  it("keeps ids apart", async () => {
    const { kms, keeper } = world("unwrapped");
    await keeper.acquire("acc-1/1", kms.unwrap);
    await keeper.acquire("acc-1/2", kms.unwrap);
    expect(kms.calls.length).toBe(2);
  });
});

describe("the term", () => {
  it("begins before the request is sent, however long the answer takes", async () => {
    const { clock, kms, acquire } = world();
    const outcome = acquire();
    await clock.advance(20_000);
    kms.pending[0]?.answer("unwrapped");
    const lease = await outcome;
    if (!lease.ok) throw new Error(lease.error);
    lease.value.release();
    const again = await acquire();
    if (!again.ok) throw new Error(again.error);
    clock.stall(39_999);
    expect(again.value.gate.isOpen()).toBe(true);
    clock.stall(1);
    expect(again.value.gate.isOpen()).toBe(false);
    expect(() => again.value.key).toThrowError("not live");
  });

  it("an answer that comes after its own term is not served", async () => {
    const { clock, kms, acquire } = world();
    const watched: unknown[] = [];
    void acquire().then((outcome) => watched.push(outcome.ok));
    await clock.advance(LEASE);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(watched).toEqual([]);
    expect(kms.calls.length).toBe(2);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(watched).toEqual([true]);
  });

  it("is not extended by use", async () => {
    const { clock, kms, hold } = world("unwrapped", "unavailable");
    const lease = await hold();
    for (let second = 0; second < 59; second++) {
      await clock.advance(1000);
      expect(lease.gate.isOpen()).toBe(true);
      await hold();
    }
    expect(kms.calls.filter((_, index) => index > 0).length).toBeGreaterThan(0);
    await clock.advance(1000);
    expect(lease.gate.isOpen()).toBe(false);
  });

  it("ends with the process stopped past it: the gate is closed before any timer ran", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const lease = await hold();
    kms.plan = [];
    clock.stall(LEASE);
    expect(lease.gate.isOpen()).toBe(false);
    expect(lease.isLive()).toBe(false);
    const gate = watch(lease.gate.waitUntilOpen());
    await settle();
    expect(gate.state).toBe("waiting");
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(gate.state).toBe("open");
    expect(lease.gate.isOpen()).toBe(true);
  });

  it("ends when the wall clock is set forward, and a waiting stream gets a renewal at once", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const lease = await hold();
    clock.jumpWall(LEASE);
    expect(lease.gate.isOpen()).toBe(false);
    await lease.gate.waitUntilOpen();
    expect(kms.calls.length).toBe(2);
  });
});

describe("renewal", () => {
  it("asks in the background at half the term while somebody holds the key, and keeps the object", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const lease = await hold();
    const key = lease.key;
    await clock.advance(29_999);
    expect(kms.calls.length).toBe(1);
    await clock.advance(1);
    expect(kms.calls.length).toBe(2);
    await clock.advance(10 * LEASE);
    expect(lease.gate.isOpen()).toBe(true);
    expect(lease.key).toBe(key);
    expect(kms.calls.length).toBe(22);
    expect(kms.mostAtOnce).toBe(1);
    expect(kms.given.slice(1).every(({ destroyed }) => destroyed)).toBe(true);
  });

  it("counts the new term from when its own request was sent", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const lease = await hold();
    kms.plan = [];
    await clock.advance(50_000);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    clock.stall(39_999);
    expect(lease.gate.isOpen()).toBe(true);
    clock.stall(1);
    expect(lease.gate.isOpen()).toBe(false);
  });

  it("stops with the last release; the key is destroyed when the term ends", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const [one, two] = [await hold(), await hold()];
    const key = one.key;
    one.release();
    one.release();
    await clock.advance(40_000);
    expect(kms.calls.length).toBe(2);
    two.release();
    await clock.advance(49_999);
    expect(key.destroyed).toBe(false);
    await clock.advance(1);
    expect(key.destroyed).toBe(true);
    expect(kms.calls.length).toBe(2);
    expect(clock.sleeping).toBe(0);
  });

  it("begins again when somebody takes up a lease that nobody held", async () => {
    const { clock, kms, hold } = world("unwrapped");
    (await hold()).release();
    await clock.advance(45_000);
    const lease = await hold();
    await clock.advance(LEASE);
    expect(lease.gate.isOpen()).toBe(true);
    expect(kms.calls.length).toBeGreaterThanOrEqual(2);
  });

  it("is made up for at once when a lease past its half is taken up: its end must not be the first try", async () => {
    const { clock, kms, hold } = world("unwrapped");
    (await hold()).release();
    await clock.advance(45_000);
    const lease = await hold();
    await settle();
    expect(kms.calls.length).toBe(2);
    await clock.advance(LEASE - 1);
    expect(lease.gate.isOpen()).toBe(true);
  });

  it("comes at half the term for a lease that was taken up before", async () => {
    const { clock, kms, hold } = world("unwrapped");
    (await hold()).release();
    await clock.advance(10_000);
    await hold();
    await clock.advance(19_999);
    expect(kms.calls.length).toBe(1);
    await clock.advance(1);
    expect(kms.calls.length).toBe(2);
  });

  it("takes a key that differs from the one before for the new one, and destroys the old", async () => {
    const { clock, kms, hold } = world("unwrapped", "unwrapped-other");
    const lease = await hold();
    const old = lease.key;
    await clock.advance(LEASE / 2);
    expect(old.destroyed).toBe(true);
    expect(lease.key).toBe(kms.given[1]);
    expect(lease.gate.isOpen()).toBe(true);
  });

  it("a released share is closed although another holds the lease", async () => {
    const { hold } = world("unwrapped");
    const [one, two] = [await hold(), await hold()];
    one.release();
    expect(one.gate.isOpen() || one.isLive()).toBe(false);
    expect(() => one.key).toThrowError("released");
    await expect(one.gate.waitUntilOpen()).rejects.toThrowError("released");
    expect(two.gate.isOpen()).toBe(true);
  });
});

describe("a refusal at renewal", () => {
  it("closes the gate at once and, confirmed within two seconds, ends the lease for every holder", async () => {
    const { clock, kms, hold, acquire } = world("unwrapped", "refused");
    const [one, two] = [await hold(), await hold()];
    const key = one.key;
    await clock.advance(LEASE / 2);
    expect(one.gate.isOpen() || two.gate.isOpen()).toBe(false);
    const [first, second] = [watch(one.gate.waitUntilOpen()), watch(two.gate.waitUntilOpen())];
    const joiner = acquire();
    await settle();
    expect([first.state, second.state, kms.calls.length]).toEqual(["waiting", "waiting", 2]);
    await clock.advance(2000);
    expect([first.state, second.state]).toEqual([{ closed: "refused 3" }, { closed: "refused 3" }]);
    expect(await joiner).toEqual({ ok: false, error: "refused 3" });
    expect(kms.calls.length).toBe(3);
    expect(key.destroyed).toBe(true);
    await expect(one.gate.waitUntilOpen()).rejects.toBeInstanceOf(GateClosedError);
  });

  it("that was a stray one lets the streams go on", async () => {
    const { clock, kms, hold, reports } = world("unwrapped", "refused", "unwrapped");
    const lease = await hold();
    const key = lease.key;
    await clock.advance(LEASE / 2);
    expect(lease.gate.isOpen()).toBe(false);
    const gate = watch(lease.gate.waitUntilOpen());
    await clock.advance(2000);
    expect(gate.state).toBe("open");
    expect(lease.gate.isOpen()).toBe(true);
    expect(lease.key).toBe(key);
    expect(kms.calls.length).toBe(3);
    expect(reports.map(([, { kind }]) => kind)).toEqual(["unwrapped", "refused", "unwrapped"]);
  });

  it("that cannot be confirmed keeps the gate closed to the end of the term, and is the cause then", async () => {
    const { clock, hold } = world("unwrapped", "refused", "unavailable");
    const lease = await hold();
    await clock.advance(LEASE / 2);
    const gate = watch(lease.gate.waitUntilOpen());
    await clock.advance(LEASE / 2 - 1);
    expect(lease.gate.isOpen()).toBe(false);
    expect(gate.state).toBe("waiting");
    await clock.advance(1 + LEASE / 8);
    expect(gate.state).toEqual({ closed: "refused 2" });
  });

  it("that is confirmed after a miss between ends the lease as well", async () => {
    const { clock, hold } = world("unwrapped", "refused", "unavailable", "refused");
    const lease = await hold();
    await clock.advance(LEASE / 2);
    const gate = watch(lease.gate.waitUntilOpen());
    await clock.advance(5000);
    expect(gate.state).toEqual({ closed: "refused 4" });
  });

  it("after it heals, a new lease works", async () => {
    const { clock, hold, kms } = world("unwrapped", "refused");
    await hold();
    await clock.advance(LEASE);
    kms.plan = ["unwrapped"];
    expect((await hold()).gate.isOpen()).toBe(true);
  });
});

describe("transient trouble at renewal", () => {
  it("is ridden out to the end of the term, with pauses that grow", async () => {
    const { clock, kms, hold } = world("unwrapped", "unavailable");
    const lease = await hold();
    await clock.advance(LEASE - 1);
    expect(lease.gate.isOpen()).toBe(true);
    const pauses = kms.calls.slice(2).map((call, index) => call.monotonicMs - (kms.calls[index + 1]?.monotonicMs ?? 0));
    expect(pauses).toEqual([1000, 2000, 4000, 7500, 7500, 7500]);
  });

  it("fails closed at the end, after one more try", async () => {
    const { clock, kms, hold, acquire } = world("unwrapped", "unavailable");
    const lease = await hold();
    const key = lease.key;
    await clock.advance(LEASE - 1);
    kms.plan = [];
    clock.stall(1);
    const gate = watch(lease.gate.waitUntilOpen());
    await settle();
    expect([gate.state, lease.gate.isOpen(), kms.pending.length]).toEqual(["waiting", false, 1]);
    kms.pending[0]?.answer("unavailable");
    await settle();
    expect(gate.state).toEqual({ closed: `unavailable ${kms.calls.length}` });
    expect(key.destroyed).toBe(true);
    kms.plan = ["unwrapped"];
    expect((await acquire()).ok).toBe(true);
    expect(lease.gate.isOpen()).toBe(false);
  });

  it("a request that was under way at the end of the term is not the one more try", async () => {
    const { clock, kms, hold } = world("unwrapped");
    const lease = await hold();
    kms.plan = [];
    await clock.advance(LEASE);
    const gate = watch(lease.gate.waitUntilOpen());
    kms.pending[0]?.answer("unavailable");
    await settle();
    expect([gate.state, kms.calls.length]).toEqual(["waiting", 3]);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(gate.state).toBe("open");
  });

  it("that passes leaves no trace", async () => {
    const { clock, hold } = world("unwrapped", "unavailable", "unavailable", "unwrapped");
    const lease = await hold();
    await clock.advance(5 * LEASE);
    expect(lease.gate.isOpen()).toBe(true);
  });

  it("an unwrap that throws is ridden out likewise, and its error comes out at the end", async () => {
    const { clock, hold, reports } = world("unwrapped", "throws");
    const lease = await hold();
    await clock.advance(LEASE - 1);
    expect(lease.gate.isOpen()).toBe(true);
    const gate = watch(lease.gate.waitUntilOpen().then(() => lease.gate.waitUntilOpen()));
    expect(gate.state).toBe("waiting");
    await clock.advance(1);
    await expect(lease.gate.waitUntilOpen()).rejects.toThrowError(/^bug/);
    expect(reports.length).toBe(1);
  });
});

describe("ending leases", () => {
  it("closes the gates under the prefix at once, for good, with the reason", async () => {
    const { kms, keeper } = world("unwrapped");
    const mine = await keeper.acquire("acc-1/7", kms.unwrap);
    const others = await keeper.acquire("acc-10/7", kms.unwrap);
    if (!mine.ok || !others.ok) throw new Error("both keys can be had");
    const key = mine.value.key;
    keeper.endAll("acc-1/", "locked");
    expect(mine.value.gate.isOpen()).toBe(false);
    expect(key.destroyed).toBe(true);
    await expect(mine.value.gate.waitUntilOpen()).rejects.toMatchObject({ name: "GateClosedError", reason: "locked" });
    expect(others.value.gate.isOpen()).toBe(true);
  });

  it("turns away who waits, discards the answer that is under way, and asks anew only after it came", async () => {
    const { kms, keeper, acquire, reports } = world();
    const waiting = acquire();
    await settle();
    keeper.endAll("acc-1/", "locked");
    expect(await waiting).toEqual({ ok: false, error: "locked" });
    const next = acquire();
    await settle();
    expect(kms.calls.length).toBe(1);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(kms.given[0]?.destroyed).toBe(true);
    expect(kms.calls.length).toBe(2);
    kms.pending[0]?.answer("unwrapped");
    expect((await next).ok).toBe(true);
    expect([kms.mostAtOnce, reports.length]).toEqual([1, 1]);
  });

  it("close ends everything and leaves no timer", async () => {
    const { clock, keeper, hold, acquire } = world("unwrapped");
    const lease = await hold();
    keeper.close();
    await settle();
    expect(clock.sleeping).toBe(0);
    expect(lease.gate.isOpen()).toBe(false);
    await expect(lease.gate.waitUntilOpen()).rejects.toThrowError("closed");
    await expect(acquire()).rejects.toThrowError("closed");
  });
});

describe("voiding leases", () => {
  it("closes the gate until a new unwrap, and is no failure", async () => {
    const { kms, keeper, hold } = world("unwrapped");
    const lease = await hold();
    kms.plan = [];
    keeper.invalidate("acc-1/");
    expect(lease.gate.isOpen()).toBe(false);
    const gate = watch(lease.gate.waitUntilOpen());
    await settle();
    expect([gate.state, kms.calls.length]).toEqual(["waiting", 2]);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(gate.state).toBe("open");
    expect(lease.gate.isOpen()).toBe(true);
  });

  it.each(["unwrapped", "refused", "unavailable"] as const)("an answer of before (%s) counts for nothing", async (answer) => {
    const { clock, kms, keeper, hold, reports } = world("unwrapped");
    const lease = await hold();
    kms.plan = [];
    await clock.advance(LEASE / 2);
    keeper.invalidate("acc-1/");
    kms.pending[0]?.answer(answer);
    await settle();
    expect(lease.gate.isOpen()).toBe(false);
    expect(kms.calls.length).toBe(3);
    kms.pending[0]?.answer("unwrapped");
    await settle();
    expect(lease.gate.isOpen()).toBe(true);
    expect(reports.length).toBe(2);
  });

  it("transient trouble then keeps the gate closed, not for longer than the old term; who acquires is answered", async () => {
    const { clock, kms, keeper, hold, acquire } = world("unwrapped", "unavailable");
    const lease = await hold();
    await clock.advance(LEASE / 2 - 1);
    keeper.invalidate("acc-1/");
    const gate = watch(lease.gate.waitUntilOpen());
    expect(await acquire()).toEqual({ ok: false, error: "unavailable 2" });
    await clock.advance(LEASE / 2);
    expect(gate.state).toBe("waiting");
    await clock.advance(1);
    expect(gate.state).toEqual({ closed: `unavailable ${kms.calls.length}` });
  });

  it("a lease that nobody holds is dropped", async () => {
    const { kms, keeper, hold, clock } = world("unwrapped");
    const lease = await hold();
    const key = lease.key;
    lease.release();
    keeper.invalidate("acc-1/");
    await settle();
    expect(key.destroyed).toBe(true);
    expect([kms.calls.length, clock.sleeping]).toEqual([1, 0]);
  });
});

it.each([
  { durationMs: 0 },
  { durationMs: Number.NaN },
  { durationMs: Number.POSITIVE_INFINITY },
  { durationMs: 1000, renewAt: 1 },
  { durationMs: 1000, renewAt: 0 },
])("a keeper is not made of %o", (options) => {
  expect(() => createLeaseKeeper({ clock: new FakeClock(), ...options })).toThrowError(RangeError);
});
