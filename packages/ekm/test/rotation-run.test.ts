// Invariant: a rotation moves every generation to the new key, proves each before it counts, switches in one step, and says
// that the former key may go only when nothing live depends on it. A key that refuses stops it, and it goes on by itself.
import { describe, expect, it } from "vitest";
import { createWorkerUseCases, type KeyRecord, type KeyRotation } from "../src/index.js";
import { tenantCaller } from "../testing/index.js";
import { lock, unlock } from "./support/accounts.js";
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

const switched = ({ switchedAt }: KeyRotation) => switchedAt !== undefined;
const paused = ({ status }: KeyRotation) => status === "PAUSED";
const running = ({ status }: KeyRotation) => status === "RUNNING";
const accountKeyCalls = ({ ports }: RotationWorld, operation: string) =>
  ports.kms.calls.filter((call) => call.operation === operation && call.context?.["ekm:purpose"] === "account-key").length;

describe("a rotation within one Region", () => {
  it("moves, switches, waits one lease, takes the former key's wraps away and certifies", async () => {
    const world = await rotationWorld({ generations: 4 });
    const { ports, account, from, to, scenario } = world;
    for (const generation of [1, 1, 3, 4]) await addBackup(world, generation);
    const started = await world.start();
    expect(started).toMatchObject({ status: "RUNNING", rewrapped: 0, total: 4, fromArn: from.arn, toArn: to.arn });
    expect(await scenario.stored(account)).toMatchObject({
      ekm: { status: "ROTATING", key: { arn: from.arn }, rotationId: started.id },
    });
    const epoch = (await scenario.stored(account)).keyEpoch;

    expect(await world.work()).toBe("done");
    const after = await world.rotation();
    expect(after).toMatchObject({ status: "RUNNING", rewrapped: 4, total: 4, switchedAt: ports.clock.now() });
    expect(await scenario.stored(account)).toMatchObject({
      keyEpoch: epoch + 1,
      ekm: { status: "ROTATING", key: { arn: to.arn } },
    });
    expect(await ports.store.read.health.current(account.id)).toMatchObject({ keyArn: to.arn, state: "HEALTHY" });
    const states = (await world.wraps()).map((wrap) => `${wrap.keyArn === to.arn ? "to" : "from"} ${wrap.state}`);
    expect(states.sort()).toEqual([...Array(4).fill("from SUPERSEDED"), ...Array(4).fill("to CURRENT")]);

    await ports.clock.advance(ports.settings.leaseSeconds * 1000 - 1);
    expect(await tryClaim(ports, "ROTATION")).toBeNull();
    await ports.clock.advance(1);
    expect(await world.work()).toBe("done");
    const done = await world.rotation();
    expect(done).toMatchObject({ status: "COMPLETED", finishedAt: ports.clock.now() });
    expect(done.problem).toBeUndefined();
    const day = 24 * 3600 * 1000;
    expect(claimsOf(done)).toEqual({
      iss: "ekm",
      accountId: account.id,
      rotationId: started.id,
      fromArn: from.arn,
      toArn: to.arn,
      generationsCounted: 4,
      backupsCovered: "4",
      switchedAt: after.switchedAt?.toISOString(),
      oldWrapsDeletedAt: ports.clock.now().toISOString(),
      databaseRetentionDays: 35,
      leaseSeconds: 60,
      safeToRetireAfter: new Date((after.switchedAt?.getTime() ?? 0) + 35 * day + 60_000).toISOString(),
      signedAt: ports.clock.now().toISOString(),
    });
    expect(done.retirement?.keyId).toBe(ports.signer.keyId);
    await expectRotated(world);
    const actions = (await ports.store.read.audit.chain(account.id, 0, 1000)).map(({ action }) => action);
    const ours = actions.filter((action) => action.startsWith("ROTATION_") || action === "GENERATION_REWRAPPED");
    const moves = Array(4).fill("GENERATION_REWRAPPED");
    expect(ours).toEqual(["ROTATION_STARTED", ...moves, "ROTATION_SWITCHED", "ROTATION_COMPLETED"]);
    expect((await world.audit("GENERATION_REWRAPPED"))[0]).toContain("by ReEncrypt");

    from.state = "Deleted";
    await expectRotated(world);
  });

  it.each([1, 30])(
    "costs two KMS calls for each of %d generation(s), and two for the canary, whatever the number of backups",
    async (n) => {
      const world = await rotationWorld({ generations: n });
      for (let backups = 0; backups < 50; backups += 1) await addBackup(world, 1 + (backups % n));
      await world.start();
      world.ports.kms.calls.length = 0;
      await world.finish();
      expect(world.ports.kms.calls).toHaveLength(2 * n + 2);
      expect(accountKeyCalls(world, "reEncrypt")).toBe(n);
      await expectRotated(world);
    },
  );

  it.each(["from", "to"] as const)(
    "where the key `%s` forbids ReEncrypt goes by Decrypt and Encrypt, and says so",
    async (side) => {
      const world = await rotationWorld({ generations: 3 });
      world[side].reEncryptDenied = true;
      await world.start();
      world.ports.kms.calls.length = 0;
      await world.finish();
      // The first generation finds it out.
      expect(world.ports.kms.calls).toHaveLength(1 + 3 * 3 + 2);
      await expectRotated(world);
      expect((await world.audit("ROTATION_STARTED"))[0]).toContain("ReEncrypt cannot be used from the current key");
      for (const detail of await world.audit("GENERATION_REWRAPPED")) expect(detail).toContain("by Decrypt and Encrypt");
    },
  );

  it("keeps the record beside the backups ahead of the row, and takes the former one away last", async () => {
    const world = await rotationWorld({ generations: 2 });
    const { ports, account, from, to } = world;
    const seen: string[] = [];
    const keyRecords = {
      ...ports.keyRecords,
      async put(wrap: Parameters<typeof ports.keyRecords.put>[0], checkValue: string) {
        const row = (await world.wraps()).some((one) => one.generation === wrap.generation && one.keyArn === to.arn);
        await ports.keyRecords.put(wrap, checkValue);
        seen.push(`put ${row ? "after" : "before"} the row`);
      },
      async remove(record: KeyRecord) {
        const { accountId, generation, keyArn } = record;
        const current = await ports.store.read.keys.currentWrap(accountId, generation);
        const records = await ports.keyRecords.list(accountId);
        const safe = current?.keyArn === to.arn && records.some((one) => one.generation === generation && one.keyArn === to.arn);
        seen.push(`remove ${keyArn === from.arn ? "former" : "?"} ${safe ? "safely" : "TOO EARLY"}`);
        await ports.keyRecords.remove(record);
      },
    };
    await world.start();
    await world.work({ ...ports, keyRecords });
    await ports.clock.advance(60_000);
    // A record that was lost meanwhile is written again before the former one goes.
    for (const record of await ports.keyRecords.list(account.id)) {
      if (record.generation === 2 && record.keyArn === to.arn) await ports.keyRecords.remove(record);
    }
    await world.work({ ...ports, keyRecords });
    const removed = ["remove former safely", "remove former safely"];
    expect(seen).toEqual(["put before the row", "put before the row", "put after the row", ...removed]);
    await expectRotated(world);
  });
});

it("a job that comes back too early leaves the former key's wraps in place until the lease has ended", async () => {
  const world = await rotationWorld({ generations: 2 });
  const { ports, account } = world;
  const { id: subjectId } = await world.start();
  await world.work();
  await ports.store.transaction(async (tx) => {
    await tx.jobs.removeFree("ROTATION", subjectId);
    const at = ports.clock.now();
    await tx.jobs.enqueue({ id: ports.ids.next("job"), kind: "ROTATION", accountId: account.id, subjectId, at });
  });
  await ports.clock.advance(59_000);
  expect(await world.work()).toBe("done");
  expect((await world.wraps()).filter(({ state }) => state === "SUPERSEDED")).toHaveLength(2);
  expect(await ports.keyRecords.list(account.id)).toHaveLength(4);
  await world.finish();
  await expectRotated(world);
});

it("across Regions takes three calls for each generation", async () => {
  const world = await rotationWorld({ generations: 5, region: "eu-west-1" });
  await world.start();
  world.ports.kms.calls.length = 0;
  await world.finish();
  expect(world.ports.kms.calls).toHaveLength(3 * 5 + 2);
  await expectRotated(world);
  expect((await world.audit("ROTATION_STARTED"))[0]).toContain("another AWS Region");
});

describe("a key that refuses", () => {
  it("the current one, at the start: the rotation waits from the first moment and goes on by itself", async () => {
    const world = await rotationWorld();
    world.from.state = "Disabled";
    const started = await world.start();
    expect(started).toMatchObject({
      status: "PAUSED",
      pausedBy: "KEY",
      problem: { code: "KEY_DISABLED", keyArn: world.from.arn },
    });
    expect(await world.work()).toBe("done");
    await world.ports.clock.advance(20 * 60_000);
    await world.work();
    expect(await world.rotation()).toMatchObject({ status: "PAUSED", problem: { keyArn: world.from.arn } });
    expect(await world.audit("ROTATION_PAUSED")).toHaveLength(1);
    world.from.state = "Enabled";
    expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
    expect(await world.audit("ROTATION_RESUMED")).toHaveLength(1);
    await expectRotated(world);
  });

  it.each(["from", "to"] as const)(
    "the key `%s`, half way: it pauses, names that key, and goes on where it was",
    async (side) => {
      const world = await rotationWorld({ generations: 4 });
      const { ports } = world;
      await world.start();
      let moves = 0;
      ports.kms.hooks.before = ({ operation }) => {
        if (operation === "reEncrypt" && ++moves === 3) world[side].state = "Disabled";
      };
      const stopped = await world.workUntil(paused);
      expect(stopped).toMatchObject({
        pausedBy: "KEY",
        rewrapped: 2,
        problem: { code: "KEY_DISABLED", keyArn: world[side].arn },
      });
      expect(
        (await world.wraps()).filter(({ state }) => state === "CURRENT").every(({ keyArn }) => keyArn === world.from.arn),
      ).toBe(true);
      world[side].state = "Enabled";
      await world.workUntil(running);
      const again = await world.finish();
      expect(again).toMatchObject({ status: "COMPLETED", rewrapped: 4 });
      await expectRotated(world);
    },
  );

  it("the new one, when all is moved and only the switch is left", async () => {
    const world = await rotationWorld({ generations: 2 });
    await world.start();
    world.ports.kms.hooks.before = ({ operation, context }) => {
      if (operation === "encrypt" && context?.["ekm:purpose"] === "probe") world.to.denied = true;
    };
    expect(await world.workUntil(paused)).toMatchObject({
      rewrapped: 2,
      problem: { code: "KEY_ACCESS_DENIED", keyArn: world.to.arn },
    });
    world.ports.kms.hooks.before = undefined;
    world.to.denied = false;
    expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
    await expectRotated(world);
  });

  it("is tried after 2 s, then ever less often, and at least once in a health interval", async () => {
    const world = await rotationWorld();
    const { ports } = world;
    await world.start();
    world.from.state = "Disabled";
    await world.work();
    const waits: number[] = [];
    for (let tries = 0, waited = 0; tries < 9; waited += 1) {
      if ((await world.work()) === "done") {
        waits.push(waited);
        waited = 0;
        tries += 1;
      }
      await ports.clock.advance(1000);
    }
    expect(waits[0]).toBe(2);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(60);
  });

  it("the other one, later: the problem names whichever refuses now", async () => {
    const world = await rotationWorld();
    await world.start();
    world.from.state = "Disabled";
    await world.workUntil(paused);
    world.from.state = "Enabled";
    world.to.denied = true;
    await world.ports.clock.advance(60_000);
    await world.work();
    expect(await world.rotation()).toMatchObject({
      status: "PAUSED",
      problem: { code: "KEY_ACCESS_DENIED", keyArn: world.to.arn },
    });
    world.to.failWith = "KMS_THROTTLED";
    world.to.denied = false;
    await world.ports.clock.advance(60_000);
    await world.work();
    expect(await world.rotation()).toMatchObject({ status: "PAUSED", problem: { code: "KEY_ACCESS_DENIED" } });
    world.to.failWith = undefined;
    expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
  });
});

describe("what passes by itself", () => {
  it.each(["KMS_THROTTLED", "KMS_UNREACHABLE", "VENDOR_AWS_FAULT"] as const)(
    "%s: goes on later, RUNNING, with the problem shown",
    async (code) => {
      const world = await rotationWorld({ generations: 3 });
      await world.start();
      world.to.failWith = code;
      expect(await world.work()).toBe("done");
      expect(await world.rotation()).toMatchObject({ status: "RUNNING", problem: { code } });
      expect(await world.work()).toBe("idle");
      world.to.failWith = undefined;
      const done = await world.finish();
      expect(done).toMatchObject({ status: "COMPLETED" });
      expect(await world.audit("ROTATION_PAUSED")).toEqual([]);
      await expectRotated(world);
    },
  );

  it.each(["put", "list"] as const)("a store of key records that is away (%s)", async (method) => {
    const world = await rotationWorld({ generations: 2 });
    const { ports } = world;
    let away = true;
    const keyRecords = {
      ...ports.keyRecords,
      async [method](...args: never[]) {
        if (away) throw Object.assign(new Error("away"), { name: "StorageError" });
        return (ports.keyRecords[method] as (...all: never[]) => Promise<unknown>)(...args);
      },
    } as typeof ports.keyRecords;
    await world.start();
    for (let n = 0; n < 10; n += 1) {
      await world.work({ ...ports, keyRecords });
      await ports.clock.advance(60_000);
    }
    expect(await world.rotation()).toMatchObject({ status: "RUNNING", problem: { code: "STORAGE_UNAVAILABLE" } });
    away = false;
    expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
    await expectRotated(world);
  });
});

it("locked keys pause it like a refusal: no call to KMS, and on by itself after the unlocking", async () => {
  const world = await rotationWorld();
  const { ports, account } = world;
  await world.start();
  await lock(ports, account.id);
  ports.kms.calls.length = 0;
  expect(await world.workUntil(paused)).toMatchObject({ pausedBy: "KEY", problem: { code: "KEYS_LOCKED" } });
  await ports.clock.advance(60_000);
  await world.work();
  expect(ports.kms.calls).toEqual([]);
  await unlock(ports, account.id);
  expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
  await expectRotated(world);
});

it("keys locked in the last moment before the switch: no switch", async () => {
  const world = await rotationWorld({ generations: 1 });
  const { ports, account } = world;
  await world.start();
  ports.kms.hooks.after = async ({ operation, context }) => {
    if (operation === "decrypt" && context?.["ekm:purpose"] === "probe") await lock(ports, account.id);
  };
  expect(await world.workUntil(paused)).toMatchObject({ problem: { code: "KEYS_LOCKED" } });
  expect((await world.rotation()).switchedAt).toBeUndefined();
  ports.kms.hooks.after = undefined;
  await unlock(ports, account.id);
  expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
});

it("a key whose policy names nobody, taken by another account meanwhile: no switch", async () => {
  const world = await rotationWorld({ generations: 1 });
  const { scenario, to } = world;
  to.boundTo = undefined;
  await world.start();
  const other = await scenario.createActivated("Other");
  await scenario.enable(other, to.arn);
  expect(await world.finish()).toMatchObject({ status: "FAILED", problem: { code: "KEY_TAKEN" } });
  await expectUnrotated(world);
});

describe("the admin", () => {
  const admin = (world: RotationWorld) => tenantCaller(world.account);

  it("pauses and resumes it: nothing is moved between, and it goes on at once", async () => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, scenario } = world;
    const { id: rotationId } = await world.start();
    let moves = 0;
    ports.kms.hooks.after = async ({ operation }) => {
      if (operation === "reEncrypt" && ++moves === 2) await scenario.useCases.pauseEkmKeyRotation(admin(world), { rotationId });
    };
    await world.work();
    expect(await world.rotation()).toMatchObject({ status: "PAUSED", pausedBy: "ADMIN", rewrapped: 1 });
    ports.kms.calls.length = 0;
    for (let n = 0; n < 5; n += 1) {
      await ports.clock.advance(60_000);
      expect(await world.work()).toBe("done");
    }
    expect(ports.kms.calls).toEqual([]);
    expect(await world.work()).toBe("idle");
    expect(await scenario.useCases.resumeEkmKeyRotation(admin(world), { rotationId })).toMatchObject({
      ok: true,
      value: { status: "RUNNING" },
    });
    expect(await world.work()).toBe("done");
    expect((await world.rotation()).switchedAt).toEqual(ports.clock.now());
    await world.finish();
    await expectRotated(world);
  });

  it("cancels it half way: wraps and records under the new key go, and another rotation may begin", async () => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, scenario } = world;
    const { id: rotationId } = await world.start();
    let moves = 0;
    ports.kms.hooks.after = async ({ operation }) => {
      if (operation === "reEncrypt" && ++moves === 2) await scenario.useCases.cancelEkmKeyRotation(admin(world), { rotationId });
    };
    await world.work();
    expect(await world.rotation()).toMatchObject({ status: "CANCELLED", finishedAt: ports.clock.now() });
    await expectUnrotated(world);
    await world.start();
    await world.finish();
    await expectRotated(world);
  });

  it("cancels one that a key had stopped", async () => {
    const world = await rotationWorld({ generations: 3 });
    world.from.state = "Disabled";
    const { id: rotationId } = await world.start();
    expect(await world.scenario.useCases.cancelEkmKeyRotation(admin(world), { rotationId })).toMatchObject({ ok: true });
    expect(await world.work()).toBe("done");
    world.from.state = "Enabled";
    await expectUnrotated(world);
  });

  it("cannot take back a switch", async () => {
    const world = await rotationWorld({ generations: 1 });
    const { id: rotationId } = await world.start();
    await world.workUntil(switched);
    for (const change of ["pauseEkmKeyRotation", "cancelEkmKeyRotation"] as const) {
      const refused = await world.scenario.useCases[change](admin(world), { rotationId });
      expect(refused).toMatchObject({ ok: false, error: [{ code: "ROTATION_NOT_CANCELLABLE" }] });
    }
    await world.finish();
    await expectRotated(world);
  });

  it("clears away after a cancelled rotation what a later one to the same key does not need", async () => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, scenario, account, to } = world;
    const { id: rotationId } = await world.start();
    let moves = 0;
    ports.kms.hooks.before = ({ operation }) => {
      if (operation === "reEncrypt" && ++moves === 3) world.from.state = "Disabled";
    };
    await world.workUntil(paused);
    world.from.state = "Enabled";
    await scenario.useCases.cancelEkmKeyRotation(admin(world), { rotationId });
    const clearing = await claim(ports, "ROTATION", "first");
    const second = await world.start();
    const job = await claim(ports, "ROTATION", "second");
    expect(job.subjectId).toBe(second.id);
    let puts = 0;
    const keyRecords = {
      ...ports.keyRecords,
      async put(...record: Parameters<typeof ports.keyRecords.put>) {
        await ports.keyRecords.put(...record);
        puts += 1;
        // The first rotation's clearing comes late, and finds the record of the second, which has no row yet.
        if (puts === 1) await createWorkerUseCases(ports).rotate(clearing, NEVER);
      },
    };
    await createWorkerUseCases({ ...ports, keyRecords }).rotate(job, NEVER);
    expect(puts).toBe(3);
    const left = (await ports.keyRecords.list(account.id)).filter(({ keyArn }) => keyArn === to.arn);
    expect(new Set(left.map(({ generation }) => generation))).toEqual(new Set([1, 2, 3]));
    await world.finish();
    await expectRotated(world);
  });
});

it("a worker that is asked to stop gives the job back between two generations", async () => {
  const world = await rotationWorld({ generations: 3 });
  const { ports } = world;
  await world.start();
  const shutdown = new AbortController();
  ports.kms.hooks.after = ({ operation }) => {
    if (operation === "reEncrypt") shutdown.abort();
  };
  const job = await claim(ports, "ROTATION");
  expect(await createWorkerUseCases(ports).rotate(job, shutdown.signal)).toBe("give-back");
  expect(await world.rotation()).toMatchObject({ status: "RUNNING", rewrapped: 1 });
  await ports.store.transaction((tx) => tx.jobs.release(job, 0));
  ports.kms.hooks.after = undefined;
  await world.finish();
  await expectRotated(world);
});

it("keeps its job while KMS is slow", async () => {
  const world = await rotationWorld({ generations: 2 });
  const { ports } = world;
  await world.start();
  ports.kms.hooks.before = async () => {
    for (let n = 0; n < 3; n += 1) await ports.clock.advance(10_000);
    expect(await tryClaim(ports, "ROTATION", "thief")).toBeNull();
  };
  await world.work();
  expect((await world.rotation()).switchedAt).toBeDefined();
});

it("a rotation and back again: both keys serve in turn", async () => {
  const world = await rotationWorld({ generations: 3 });
  await world.start();
  await world.finish();
  await expectRotated(world);
  await world.start({ keyArn: world.from.arn });
  await world.finish();
  await expectRotated({ ...world, from: world.to, to: world.from });
});
