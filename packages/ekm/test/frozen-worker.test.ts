// Invariant: a worker that stands still at any point, is taken for dead and goes on when others have done its work and more,
// takes no record away that anything depends on and leaves none behind that nothing needs. A later rotation to the very same key
// changes nothing of that.
import { expect, it } from "vitest";
import { createWorkerUseCases, JOB_LEASE_MS } from "../src/index.js";
import { ensureKeyRecord } from "../src/keyring/ensure-key-record.js";
import { tenantCaller } from "../testing/index.js";
import { freezeAt } from "./interrupt.js";
import { stored } from "./support/accounts.js";
import { claim } from "./support/jobs.js";
import { expectRotated, type RotationWorld, rotationWorld } from "./support/rotations.js";

/** Freezes a worker at every point in turn while the rest happens, until it passes fewer points than asked for. */
async function atEveryPoint(
  scene: () => Promise<{ world: RotationWorld; work: (ports: RotationWorld["ports"]) => Promise<unknown> }>,
  meanwhile: (world: RotationWorld) => Promise<void>,
  asItEnds = (world: RotationWorld): RotationWorld => world,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    const { world, work } = await scene();
    const frozen = freezeAt(world.ports, nth);
    const running = work({ ...world.ports, ...frozen.ports } as RotationWorld["ports"]);
    const stood = await Promise.race([frozen.stands.then(() => true), running.then(() => false)]);
    await world.ports.clock.advance(JOB_LEASE_MS + 1);
    await meanwhile(world);
    frozen.thaw();
    await running;
    await expectRotated(asItEnds(world));
    if (!stood) return nth - 1;
  }
}

const isAtRest = async (world: RotationWorld): Promise<void> => void (await world.finish());

async function cancelledHalfWay(): Promise<RotationWorld> {
  const world = await rotationWorld({ generations: 2 });
  const { id: rotationId } = await world.start();
  let moves = 0;
  world.ports.kms.hooks.before = ({ operation }) => {
    if (operation === "reEncrypt" && ++moves === 2) world.from.state = "Disabled";
  };
  await world.work();
  world.ports.kms.hooks.before = undefined;
  world.from.state = "Enabled";
  await world.scenario.useCases.cancelEkmKeyRotation(tenantCaller(world.account), { rotationId });
  return world;
}

it("clearing away after a cancelled rotation, while another one to the same key runs to its end", async () => {
  const points = await atEveryPoint(
    async () => {
      const world = await cancelledHalfWay();
      return { world, work: (ports) => world.work(ports, "frozen") };
    },
    async (world) => {
      await world.start();
      await isAtRest(world);
    },
  );
  expect(points).toBe(8);
}, 60_000);

it("moving and switching, while another worker does the same", async () => {
  const points = await atEveryPoint(async () => {
    const world = await rotationWorld({ generations: 2 });
    await world.start();
    return { world, work: (ports) => world.work(ports, "frozen") };
  }, isAtRest);
  expect(points).toBeGreaterThan(20);
}, 60_000);

it("taking the former records away, while the account is rotated back to the same key", async () => {
  const points = await atEveryPoint(
    async () => {
      const world = await rotationWorld({ generations: 2 });
      await world.start();
      await world.workUntil(({ switchedAt }) => switchedAt !== undefined);
      await world.ports.clock.advance(60_000);
      return { world, work: (ports) => world.work(ports, "frozen") };
    },
    async (world) => {
      await isAtRest(world);
      await world.start({ keyArn: world.from.arn });
      await isAtRest(world);
    },
    (world) => ({ ...world, from: world.to, to: world.from }),
  );
  expect(points).toBeGreaterThan(12);
}, 60_000);

it("writing a record of the wrap that it has just read, while the account is rotated", async () => {
  const points = await atEveryPoint(
    async () => {
      const world = await rotationWorld({ generations: 1 });
      const { ports, account } = world;
      for (const record of await ports.keyRecords.list(account.id)) await ports.keyRecords.remove(record);
      const generation = await stored(ports.store.read.keys.generation(account.id, 1));
      return { world, work: (through) => ensureKeyRecord(through, generation) };
    },
    async (world) => {
      await world.start();
      await isAtRest(world);
    },
  );
  expect(points).toBe(4);
});

it("superseding, while the account is rotated to the key of an attempt that was given up", async () => {
  const points = await atEveryPoint(
    async () => {
      const world = await rotationWorld({ generations: 1 });
      const { ports, account, to } = world;
      const wrap = await stored(ports.store.read.keys.currentWrap(account.id, 1));
      const { checkValue } = await stored(ports.store.read.keys.generation(account.id, 1));
      await ports.keyRecords.put({ ...wrap, keyArn: to.arn }, checkValue);
      const at = ports.clock.now();
      const subjectId = account.id;
      await ports.store.transaction(async (tx) => {
        await tx.jobs.enqueue({ id: ports.ids.next("job"), kind: "SUPERSEDE", accountId: account.id, subjectId, at });
      });
      const job = await claim(ports, "SUPERSEDE", "frozen");
      return { world, work: (through) => createWorkerUseCases(through).supersede(job) };
    },
    async (world) => {
      const { ports } = world;
      await world.start();
      await isAtRest(world);
      const again = await ports.store.transaction((tx) => tx.jobs.claim("other", ["SUPERSEDE"], JOB_LEASE_MS));
      if (again !== null) await createWorkerUseCases(ports).supersede(again);
    },
  );
  expect(points).toBeGreaterThan(8);
}, 60_000);
