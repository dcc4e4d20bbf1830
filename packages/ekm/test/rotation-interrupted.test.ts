// Invariant: whatever interrupts a rotation, and wherever, every generation has exactly one current wrap and it opens; no
// certificate is given that is not true; and the rotation comes to its end alone, once a worker claims its job again.
import { describe, expect, it } from "vitest";
import { createUseCases, JOB_LEASE_MS, problem } from "../src/index.js";
import { openWrap } from "../src/keys/open-wrap.js";
import { tenantCaller } from "../testing/index.js";
import { Crash, crashAt, failAt } from "./interrupt.js";
import { expectUsable } from "./protection.js";
import { claimsOf, damage, expectRotated, expectUnrotated, type RotationWorld, rotationWorld } from "./support/rotations.js";

/** One current wrap for each generation, which its key opens unless it was damaged beforehand; a certificate only if nothing is under `from`. */
async function expectIntact(world: RotationWorld, damaged: readonly number[] = []): Promise<void> {
  const { ports, account, from } = world;
  const current = (await world.wraps()).filter(({ state }) => state === "CURRENT");
  const generations = await ports.store.read.keys.generations(account.id);
  expect(current.map(({ generation }) => generation)).toEqual(generations.map(({ generation }) => generation));
  for (const wrap of current) {
    const opened = await openWrap(ports.keyService, wrap, generations[wrap.generation - 1]?.checkValue);
    expect(opened.ok).toBe(!damaged.includes(wrap.generation) || wrap.keyArn !== from.arn);
    const records = await ports.keyRecords.list(account.id);
    const stands = records.some((one) => one.generation === wrap.generation && one.keyArn === wrap.keyArn);
    expect(stands, `record of generation ${wrap.generation}`).toBe(true);
  }
  if ((await world.rotation()).retirement === undefined) return;
  expect((await world.wraps()).some(({ keyArn }) => keyArn === from.arn)).toBe(false);
  expect((await ports.keyRecords.list(account.id)).some(({ keyArn }) => keyArn === from.arn)).toBe(false);
}

/** Works, through these ports, until the rotation is over and its job gone, or the process dies. */
async function live(world: RotationWorld, ports: ReturnType<typeof crashAt>["ports"]): Promise<"ended" | "crashed"> {
  try {
    for (let idle = 0; idle < 20; ) {
      if ((await world.work(ports)) === "idle") idle += 1;
      else idle = 0;
      await world.ports.clock.advance(5000);
    }
    return "ended";
  } catch (error) {
    if (error instanceof Crash) return "crashed";
    throw error;
  }
}

interface Scene {
  readonly name: string;
  readonly region?: string;
  readonly damaged?: readonly number[];
  begin(world: RotationWorld): Promise<unknown>;
  expectEnd(world: RotationWorld): Promise<void>;
}

const cancelHalfWay = async (world: RotationWorld): Promise<void> => {
  const { id: rotationId } = await world.start();
  let moves = 0;
  world.ports.kms.hooks.before = ({ operation }) => {
    if (operation === "reEncrypt" && ++moves === 3) world.from.state = "Disabled";
  };
  await world.work();
  world.ports.kms.hooks.before = undefined;
  world.from.state = "Enabled";
  await world.scenario.useCases.cancelEkmKeyRotation(tenantCaller(world.account), { rotationId });
};

const certified = async (world: RotationWorld): Promise<void> => {
  expect(claimsOf(await world.rotation())).toMatchObject({ generationsCounted: 3 });
  expect(await world.audit("GENERATION_REWRAPPED")).toHaveLength(3);
  expect(await world.audit("ROTATION_SWITCHED")).toHaveLength(1);
  expect(await world.audit("ROTATION_COMPLETED")).toHaveLength(1);
  await expectRotated(world);
};

const SCENES: readonly Scene[] = [
  { name: "in one Region", begin: (world) => world.start(), expectEnd: certified },
  { name: "between two Regions", region: "eu-west-1", begin: (world) => world.start(), expectEnd: certified },
  {
    name: "that leaves a generation behind",
    damaged: [2],
    begin: (world) => world.start({ acceptLossOfUnreadable: "Acme" }),
    async expectEnd(world) {
      expect(await world.rotation()).toMatchObject({ status: "COMPLETED", rewrapped: 2 });
      expect((await world.rotation()).retirement).toBeUndefined();
      const keys = (await world.wraps()).map(({ keyArn }) => (keyArn === world.to.arn ? "to" : "from"));
      expect(keys).toEqual(["to", "from", "to", "to"]);
      const rows = await world.ports.store.read.keys.generations(world.account.id);
      const records = await world.ports.keyRecords.list(world.account.id);
      // A run that died may have left the record of a key that never came to be.
      const known = records.filter(({ generation, checkValue }) => rows[generation - 1]?.checkValue === checkValue);
      expect(known).toHaveLength(4);
    },
  },
  {
    name: "that fails",
    damaged: [2],
    begin: (world) => world.start(),
    async expectEnd(world) {
      expect(await world.rotation()).toMatchObject({ status: "FAILED" });
      expect(await world.audit("ROTATION_FAILED")).toHaveLength(1);
      expect((await world.failures()).map(({ generation }) => generation)).toEqual([2]);
      expect((await world.ports.keyRecords.list(world.account.id)).every(({ keyArn }) => keyArn === world.from.arn)).toBe(true);
      expect((await world.wraps()).every(({ keyArn }) => keyArn === world.from.arn)).toBe(true);
    },
  },
  { name: "that was cancelled half way", begin: cancelHalfWay, expectEnd: expectUnrotated },
  {
    name: "that a key had stopped",
    async begin(world) {
      world.from.state = "Disabled";
      await world.start();
      world.from.state = "Enabled";
    },
    async expectEnd(world) {
      expect(await world.audit("ROTATION_RESUMED")).toHaveLength(1);
      await certified(world);
    },
  },
];

async function setScene({ region, damaged, begin }: Scene): Promise<RotationWorld> {
  const world = await rotationWorld({ generations: 3, ...(region === undefined ? {} : { region }) });
  if (damaged !== undefined) await damage(world, damaged);
  await begin(world);
  return world;
}

describe.each(SCENES)("a rotation $name", (scene) => {
  it("survives a crash at every point", async () => {
    let points = 0;
    for (let nth = 1; ; nth += 1) {
      const world = await setScene(scene);
      const end = await live(world, crashAt(world.ports, nth).ports);
      await expectIntact(world, scene.damaged);
      await world.ports.clock.advance(JOB_LEASE_MS + 1);
      expect(await live(world, world.ports)).toBe("ended");
      await expectIntact(world, scene.damaged);
      await scene.expectEnd(world);
      if (end === "ended") break;
      points = nth;
    }
    expect(points).toBeGreaterThan(scene.name.includes("cancelled") ? 8 : 100);
  }, 120_000);

  it.each(["refusal", "transient", "ours", "data"] as const)(
    "comes to the same end after a failure (%s) of any one KMS call",
    async (failureClass) => {
      for (let nth = 1; ; nth += 1) {
        const world = await setScene(scene);
        const interrupted = failAt(world.ports, nth, { ...problem("KMS_INTERNAL"), failureClass });
        expect(await live(world, interrupted.ports)).toBe("ended");
        await expectIntact(world, scene.damaged);
        if (failureClass !== "refusal" || scene.name !== "that a key had stopped") await scene.expectEnd(world);
        if (interrupted.passed() < nth) break;
      }
    },
    60_000,
  );
});

it("survives 1,000 crashes at random points, several in each rotation", async () => {
  let crashes = 0;
  let random = 12_345;
  const upTo = (limit: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (random % limit);
  };
  while (crashes < 1000) {
    const scene = SCENES[upTo(SCENES.length) - 1];
    if (scene === undefined) throw new Error("no scene");
    const world = await setScene(scene);
    for (let tries = 0; tries < 40; tries += 1) {
      const end = await live(world, crashAt(world.ports, upTo(90)).ports);
      await expectIntact(world, scene.damaged);
      if (end === "ended") break;
      crashes += 1;
      await world.ports.clock.advance(JOB_LEASE_MS + 1);
    }
    expect(await live(world, world.ports)).toBe("ended");
    await scene.expectEnd(world);
  }
}, 120_000);

it("rotateEkmKey leaves a rotation with its job, or nothing, wherever it dies", async () => {
  let points = 0;
  for (let nth = 1; ; nth += 1) {
    const world = await rotationWorld({ generations: 2 });
    const { ports, account, scenario, to } = world;
    const useCases = createUseCases(crashAt(ports, nth).ports);
    const crashed = await useCases.rotateEkmKey(tenantCaller(account), { keyArn: to.arn, idempotencyKey: "k" }).then(
      () => false,
      () => true,
    );
    await expectUsable(scenario, account);
    await ports.clock.advance(61_000);
    const again = await scenario.useCases.rotateEkmKey(tenantCaller(account), { keyArn: to.arn, idempotencyKey: "k" });
    expect(again).toMatchObject({ ok: true, value: { rotation: { status: "RUNNING" } } });
    expect(await world.audit("ROTATION_STARTED")).toHaveLength(1);
    expect(await live(world, ports)).toBe("ended");
    await expectRotated(world);
    if (!crashed) break;
    points = nth;
  }
  expect(points).toBeGreaterThan(40);
}, 60_000);

it.each(["pauseEkmKeyRotation", "resumeEkmKeyRotation", "cancelEkmKeyRotation"] as const)(
  "%s is whole or not at all, wherever it dies",
  async (change) => {
    for (let nth = 1; ; nth += 1) {
      const world = await rotationWorld({ generations: 2 });
      const { id: rotationId } = await world.start();
      const admin = tenantCaller(world.account);
      if (change === "resumeEkmKeyRotation") await world.scenario.useCases.pauseEkmKeyRotation(admin, { rotationId });
      const before = await world.rotation();
      const audited = (await world.audit()).length;
      const crashed = await createUseCases(crashAt(world.ports, nth).ports)
        [change](admin, { rotationId })
        .then(
          () => false,
          () => true,
        );
      const changed = (await world.rotation()).status !== before.status;
      expect((await world.audit()).length).toBe(audited + (changed ? 1 : 0));
      expect((await world.scenario.stored(world.account)).ekm.status).toBe(
        changed && change === "cancelEkmKeyRotation" ? "ENABLED" : "ROTATING",
      );
      if (!crashed) break;
    }
  },
);
