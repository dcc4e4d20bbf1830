// Invariant: of any number of workers that believe they hold a rotation exactly one writes; the switch and everything that an
// admin or a backup does at the same moment happen one after the other, and a generation born meanwhile is not left behind.
import { describe, expect, it } from "vitest";
import { createKeyring, createWorkerUseCases, JOB_LEASE_MS, type Job, type Ports } from "../src/index.js";
import { ensureKeyRecord } from "../src/keyring/ensure-key-record.js";
import { tenantCaller } from "../testing/index.js";
import { expectUsable } from "./protection.js";
import { leasesOf } from "./support/accounts.js";
import { claim, tryClaim } from "./support/jobs.js";
import {
  addBackup,
  claimsOf,
  expectRotated,
  expectUnrotated,
  NEVER,
  type RotationWorld,
  rotationWorld,
} from "./support/rotations.js";

type WorkerPorts = Parameters<typeof createWorkerUseCases>[0];

/** A worker that does not renew its lease, and so does not notice that the world has gone on without it. */
const frozen = (ports: RotationWorld["ports"]): WorkerPorts => ({
  ...ports,
  clock: {
    now: () => ports.clock.now(),
    monotonicMs: () => ports.clock.monotonicMs(),
    sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true })),
  },
});

/** A generation as the keyring makes it: with its record beside the backups. */
async function giveBirth({ scenario, ports, account }: RotationWorld): Promise<void> {
  await scenario.addGeneration(account);
  const born = (await ports.store.read.keys.generations(account.id)).at(-1);
  if (born !== undefined) await ensureKeyRecord(ports, born);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Something happens before the n-th call to KMS or the key records, or the n-th transaction, of these ports. */
function interposed(ports: WorkerPorts, nth: number, act: () => Promise<unknown>): { ports: WorkerPorts; passed: () => number } {
  let count = 0;
  const point = async () => {
    count += 1;
    if (count === nth) await act();
  };
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const member = Reflect.get(object, name);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          await point();
          return member.apply(object, args);
        };
      },
    });
  const store: Ports["store"] = {
    ...ports.store,
    async transaction(work) {
      await point();
      return ports.store.transaction(work);
    },
  };
  return {
    passed: () => count,
    ports: { ...ports, store, keyService: guarded(ports.keyService), keyRecords: guarded(ports.keyRecords) },
  };
}

it("a worker that was frozen at any point, while another finished, writes nothing when it wakes up", async () => {
  let points = 0;
  for (let nth = 1; ; nth += 1) {
    const world = await rotationWorld({ generations: 3 });
    await world.start();
    const { ports } = world;
    let atWaking = "";
    const state = async () =>
      JSON.stringify(
        [await world.wraps(), await world.audit(), await world.rotation(), await world.scenario.stored(world.account)],
        (_, value) => (typeof value === "bigint" ? String(value) : value),
      );
    const slow = interposed(frozen(ports), nth, async () => {
      await ports.clock.advance(JOB_LEASE_MS + 1);
      await world.finish();
      atWaking = await state();
    });
    for (let claims = 0; claims < 2; claims += 1) {
      await world.work(slow.ports, "slow");
      await ports.clock.advance(ports.settings.leaseSeconds * 1000);
    }
    const froze = atWaking !== "";
    if (froze) expect(await state(), `frozen at point ${nth}`).toBe(atWaking);
    await world.finish();
    expect(await world.rotation()).toMatchObject({ status: "COMPLETED" });
    await expectUsable(world.scenario, world.account);
    expect((await world.wraps()).map(({ keyArn }) => keyArn)).toEqual(Array(3).fill(world.to.arn));
    if (!froze) break;
    points = nth;
  }
  expect(points).toBeGreaterThan(20);
}, 60_000);

it("a worker that was frozen and then sees a key refuse names no generation that another has moved meanwhile", async () => {
  const world = await rotationWorld({ generations: 3 });
  const { ports, from, to } = world;
  await world.start({ acceptLossOfUnreadable: "Acme" });
  const slow = interposed(frozen(ports), 2, async () => {
    await ports.clock.advance(JOB_LEASE_MS + 1);
    ports.kms.failNext("encrypt", "KMS_THROTTLED", 1);
    await world.work();
    expect(await world.rotation()).toMatchObject({ status: "RUNNING", rewrapped: 3, problem: { code: "KMS_THROTTLED" } });
    from.state = "Disabled";
  });
  await world.work(slow.ports, "slow");
  expect(await world.failures()).toEqual([]);
  from.state = "Enabled";
  await world.finish();
  expect((await world.wraps()).every(({ keyArn }) => keyArn === to.arn)).toBe(true);
  await expectRotated(world);
});

it("8 rotators at once, 7 of them former owners: one set of generations, each moved once, no stale write", async () => {
  const world = await rotationWorld({ generations: 12 });
  const { ports } = world;
  await world.start();
  const jobs: Job[] = [];
  for (let n = 0; n < 8; n += 1) {
    jobs.push(await claim(ports, "ROTATION", `rotator-${n}`));
    if (n < 7) await ports.clock.advance(JOB_LEASE_MS + 1);
  }
  ports.kms.hooks.before = turn;
  const ends = await Promise.all(jobs.map((job) => createWorkerUseCases(frozen(ports)).rotate(job, NEVER)));
  expect(ends).toEqual(Array(8).fill("done"));
  expect(await world.audit("GENERATION_REWRAPPED")).toHaveLength(12);
  expect(await world.audit("ROTATION_SWITCHED")).toHaveLength(1);
  expect(await world.rotation()).toMatchObject({ rewrapped: 12, total: 12, switchedAt: expect.any(Date) });
  const pairs = (await world.wraps()).map(({ generation, keyArn }) => `${generation} ${keyArn}`);
  expect(new Set(pairs).size).toBe(24);
  ports.kms.hooks.before = undefined;
  await world.finish();
  await expectRotated(world);
});

it("8 workers that each claim what is free: the rotation is done once", async () => {
  const world = await rotationWorld({ generations: 6 });
  const { ports } = world;
  await world.start();
  ports.kms.hooks.before = turn;
  for (let n = 0; n < 30; n += 1) {
    await Promise.all(Array.from({ length: 8 }, (_, owner) => world.work(ports, `worker-${owner}`)));
    await ports.clock.advance(5000);
  }
  expect(await world.audit("GENERATION_REWRAPPED")).toHaveLength(6);
  expect(await world.audit("ROTATION_COMPLETED")).toHaveLength(1);
  await expectRotated(world);
});

describe("an admin's change at every point of the worker's way", () => {
  it("a cancellation wins whole or comes too late", async () => {
    const ends = new Set<string>();
    for (let nth = 1; ; nth += 1) {
      const world = await rotationWorld({ generations: 2 });
      const { id: rotationId } = await world.start();
      let cancelled: unknown;
      const { ports } = interposed(world.ports, nth, async () => {
        const outcome = await world.scenario.useCases.cancelEkmKeyRotation(tenantCaller(world.account), { rotationId });
        cancelled = outcome.ok || outcome.error;
      });
      await world.work(ports);
      await world.ports.clock.advance(60_000);
      await world.work(ports);
      if (cancelled === undefined) break;
      await world.finish();
      if (cancelled === true) {
        ends.add("cancelled");
        expect(await world.rotation()).toMatchObject({ status: "CANCELLED" });
        await expectUnrotated(world);
      } else {
        ends.add("too late");
        expect(cancelled).toMatchObject([{ code: "ROTATION_NOT_CANCELLABLE" }]);
        await expectRotated(world);
      }
    }
    expect(ends).toEqual(new Set(["cancelled", "too late"]));
  });

  it("a pause stops it before the next generation, and it goes on after resuming", async () => {
    for (let nth = 1; ; nth += 1) {
      const world = await rotationWorld({ generations: 2 });
      const { id: rotationId } = await world.start();
      const { pauseEkmKeyRotation, resumeEkmKeyRotation } = world.scenario.useCases;
      let paused: boolean | undefined;
      const { ports } = interposed(world.ports, nth, async () => {
        paused = (await pauseEkmKeyRotation(tenantCaller(world.account), { rotationId })).ok;
      });
      await world.work(ports);
      if (paused === undefined) break;
      if (paused) {
        expect(await world.rotation()).toMatchObject({ status: "PAUSED", pausedBy: "ADMIN" });
        const moved = (await world.rotation()).rewrapped;
        await world.ports.clock.advance(61_000);
        await world.work();
        expect((await world.rotation()).rewrapped).toBe(moved);
        await resumeEkmKeyRotation(tenantCaller(world.account), { rotationId });
      }
      await world.finish();
      await expectRotated(world);
    }
  });

  it("pausing and resuming at once leaves one job, and no work undone", async () => {
    for (let nth = 1; ; nth += 1) {
      const world = await rotationWorld({ generations: 2 });
      const { id: rotationId } = await world.start();
      const admin = tenantCaller(world.account);
      let done = false;
      const { ports } = interposed(world.ports, nth, async () => {
        await world.scenario.useCases.pauseEkmKeyRotation(admin, { rotationId });
        await world.scenario.useCases.resumeEkmKeyRotation(admin, { rotationId });
        done = true;
      });
      await world.work(ports);
      if (!done) break;
      const first = await tryClaim(world.ports, "ROTATION", "a");
      expect(await tryClaim(world.ports, "ROTATION", "b")).toBeNull();
      if (first !== null) await world.ports.store.transaction((tx) => tx.jobs.release(first, 0));
      await world.finish();
      await expectRotated(world);
    }
  });
});

describe("a generation that is born during a rotation", () => {
  it("is moved too, whenever it is born before the switch; after it the new key has it from the start", async () => {
    let born = 0;
    for (let nth = 1; ; nth += 1) {
      const world = await rotationWorld({ generations: 2 });
      await world.start();
      let made: "before the switch" | "after it" | undefined;
      const { ports } = interposed(world.ports, nth, async () => {
        made = (await world.rotation()).switchedAt === undefined ? "before the switch" : "after it";
        await giveBirth(world);
      });
      await world.work(ports);
      await world.ports.clock.advance(60_000);
      await world.work(ports);
      if (made === undefined) break;
      born += 1;
      const done = await world.finish();
      // One that was born after the counting has never depended on the former key.
      expect([made === "before the switch" ? 3 : 2, 3]).toContain(claimsOf(done).generationsCounted);
      expect(done.total).toBe(done.rewrapped);
      await expectRotated(world);
    }
    expect(born).toBeGreaterThan(15);
  });

  it("again and again: each run picks up the latest, and the switch follows the last", async () => {
    const world = await rotationWorld({ generations: 2 });
    await world.start();
    let births = 0;
    world.ports.kms.hooks.before = async ({ operation, context }) => {
      if (operation !== "encrypt" || context?.["ekm:purpose"] !== "probe" || births === 5) return;
      births += 1;
      await giveBirth(world);
    };
    await world.finish();
    expect(births).toBe(5);
    expect(await world.ports.store.read.keys.generations(world.account.id)).toHaveLength(7);
    await expectRotated(world);
  });
});

it("data is sealed and opened all the way through, by whichever key is current", async () => {
  const world = await rotationWorld({ generations: 2 });
  const { ports, account, from, to } = world;
  await addBackup(world, 1);
  const used = async () => {
    const leases = leasesOf(ports);
    const keyring = createKeyring(ports, leases);
    ports.kms.calls.length = 0;
    const sealing = await keyring.forSealing(account.id);
    const reading = await keyring.forReading(account.id, 1);
    const keys = new Set(ports.kms.calls.filter(({ operation }) => operation === "decrypt").map(({ keyArn }) => keyArn));
    leases.close();
    expect([sealing.ok, reading.ok]).toEqual([true, true]);
    return [...keys];
  };
  await world.start();
  let moves = 0;
  ports.kms.hooks.after = async ({ operation }) => {
    if (operation !== "reEncrypt") return;
    moves += 1;
    ports.kms.hooks.after = undefined;
    // The new key has a wrap by now, or is about to, and serves nothing.
    to.state = "Disabled";
    expect(await used()).toEqual([from.arn]);
    to.state = "Enabled";
  };
  await world.work();
  expect(moves).toBe(1);
  from.state = "Disabled";
  expect(await used()).toEqual([to.arn]);
  from.state = "Enabled";
  await world.finish();
  expect(await used()).toEqual([to.arn]);
  await expectRotated(world);
});

it("while it rotates, a refusal of the current key stops backups and restores as at any time", async () => {
  const world = await rotationWorld({ generations: 2 });
  const { ports, account, from } = world;
  await world.start();
  let moves = 0;
  ports.kms.hooks.before = ({ operation }) => {
    if (operation === "reEncrypt" && ++moves === 2) from.state = "Disabled";
  };
  await world.work();
  expect(await world.rotation()).toMatchObject({ status: "PAUSED", rewrapped: 1 });
  const keyring = createKeyring(ports, leasesOf(ports));
  const refused = { ok: false, error: { code: "KEY_DISABLED", keyArn: from.arn } };
  expect(await keyring.forReading(account.id, 1)).toMatchObject(refused);
  expect(await keyring.forSealing(account.id)).toMatchObject(refused);
});
