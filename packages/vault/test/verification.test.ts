import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { SealedBackup } from "../src/api.js";
import { StorageError } from "../src/ports/object-store.js";
import type { VerificationRequest } from "../src/verify/api.js";
import { runVerification } from "../src/verify/run-verification.js";
import { createControl, createFakeClock, createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: a verification at 100 % passes a clean backup and names every damaged object of one that is not; it writes
// nothing, and it reads only under a live lease.

const LARGE_FILES = 20;
const OBJECTS = LARGE_FILES + 1;
const nameOf = (number: number): string => `acc_1/bkp_1/1/${String(number).padStart(6, "0")}`;

let world: TestWorld;
let backup: SealedBackup;
beforeEach(async () => {
  world = await createWorld();
  await writeTree(world.source, { "a/small": "small content", "b/empty": "", "b/dir": null });
  for (let i = 0; i < LARGE_FILES; i++) await writeTree(world.source, { [`large/${i}`]: randomBytes(1_048_576 + i) });
  backup = await world.backedUp();
  expect(world.store.objects.size).toBe(OBJECTS + 1);
});
afterEach(() => world.close());

const verify = (change: Partial<VerificationRequest> = {}, control = createControl()) =>
  runVerification(
    world.ports,
    {
      ...{ accountId: "acc_1", backupId: "bkp_1", generation: backup.generation, manifest: backup.manifest },
      ...{ samplePercent: 100, seed: "vrf_1" },
      ...change,
    },
    control,
  );

function flip(name: string, at: number): void {
  const bytes = Buffer.from(world.store.objects.get(name) ?? []);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  world.store.objects.set(name, bytes);
}

/** The objects that were asked for, but for the manifest. */
function watchReads(): Set<string> {
  const read = new Set<string>();
  const { objects } = world.ports;
  const get = (name: string) => {
    if (!name.endsWith("/manifest")) read.add(name);
    return objects.get(name);
  };
  world.ports = { ...world.ports, objects: { ...objects, get } };
  return read;
}

describe("a clean backup", () => {
  it("passes, is read whole, and nothing is written", async () => {
    const before = new Map(world.store.objects);
    const read = watchReads();
    const control = createControl();
    expect(await verify({}, control)).toEqual({
      kind: "done",
      value: { objectsVerified: BigInt(OBJECTS), bytesVerified: backup.bytes },
    });
    expect(read.size).toBe(OBJECTS);
    expect([...world.store.objects.keys()]).toEqual([...before.keys()]);
    for (const [name, bytes] of before) expect(world.store.objects.get(name)?.equals(bytes)).toBe(true);
    expect(await readdir(world.targets)).toEqual([]);
    expect(world.keys.held).toBe(0);
    const [bytes, items] = [backup.bytes, BigInt(OBJECTS)];
    expect(control.updates[0]).toEqual({ bytesDone: 0n, bytesTotal: bytes, itemsDone: 0n, itemsTotal: items });
    expect(control.updates.at(-1)).toEqual({ bytesDone: bytes, bytesTotal: bytes, itemsDone: items, itemsTotal: items });
  });

  it("passes when it is empty", async () => {
    await world.close();
    world = await createWorld();
    backup = await world.backedUp();
    expect(await verify()).toEqual({ kind: "done", value: { objectsVerified: 0n, bytesVerified: 0n } });
  });

  it("keeps to the rate it is given", async () => {
    const clock = createFakeClock();
    world.ports = { ...world.ports, clock };
    expect((await verify({}, createControl(5_000_000n))).kind).toBe("done");
    expect(clock.elapsedMs).toBeGreaterThan(3_900);
    expect(clock.elapsedMs).toBeLessThan(4_400);
  });
});

describe("a damaged backup", () => {
  it("is found out by each of its objects alone", async () => {
    for (let number = 0; number < OBJECTS; number++) {
      const name = nameOf(number);
      const intact = world.store.objects.get(name) ?? Buffer.alloc(0);
      flip(name, Math.floor(Math.random() * intact.length));
      const outcome = await verify();
      expect(outcome).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
      expect(JSON.stringify(outcome)).toContain(`1 of ${OBJECTS} objects are damaged: ${name}`);
      world.store.objects.set(name, intact);
    }
    expect((await verify()).kind).toBe("done");
  });

  it("has all its damage counted and named, the first ten by name", async () => {
    for (let number = 0; number < 12; number++) flip(nameOf(number), 500);
    world.store.objects.delete(nameOf(12));
    world.store.objects.set(nameOf(13), Buffer.alloc(0));
    const outcome = await verify();
    if (outcome.kind !== "fault") throw new Error(outcome.kind);
    expect(outcome.fault.message).toContain(`14 of ${OBJECTS} objects are damaged`);
    for (let number = 0; number < 10; number++) expect(outcome.fault.message).toContain(nameOf(number));
    expect(outcome.fault.message).toMatch(/and 4 more$/);
  });

  it("is found out by whole objects in the wrong place, and by other content that was sealed with everything else right", async () => {
    const one = world.store.objects.get(nameOf(1)) ?? Buffer.alloc(0);
    const two = world.store.objects.get(nameOf(2)) ?? Buffer.alloc(0);
    world.store.objects.set(nameOf(1), two);
    world.store.objects.set(nameOf(2), one);
    expect(JSON.stringify(await verify())).toContain(`2 of ${OBJECTS} objects are damaged`);
    // The same name, context, key and length: only the file's digest in the manifest tells.
    for (let i = 0; i < LARGE_FILES; i++) await writeTree(world.source, { [`large/${i}`]: randomBytes(1_048_576 + i) });
    const again = await createWorld();
    onTestFinished(again.close);
    again.ports = { ...again.ports, keys: world.keys };
    const resealed = await again.backup(createControl(), { location: world.source });
    expect(resealed.kind).toBe("done");
    world.store.objects.set(nameOf(1), again.store.objects.get(nameOf(1)) ?? Buffer.alloc(0));
    world.store.objects.set(nameOf(2), two);
    expect(JSON.stringify(await verify())).toContain(`1 of ${OBJECTS} objects are damaged: ${nameOf(1)}`);
  });

  it.each([
    ["flipped", (name: string) => flip(name, 300)],
    ["missing", (name: string) => world.store.objects.delete(name)],
  ])("is found out by a manifest that is %s, however small the sample", async (_, damage) => {
    damage(backup.manifest.objectName);
    expect(await verify({ samplePercent: 1 })).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
  });

  it("is found out by a manifest that is not the recorded one", async () => {
    const manifest = { ...backup.manifest, digest: "0".repeat(64) };
    expect(await verify({ manifest })).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
  });
});

describe("a sample", () => {
  it.each([
    [1, 1],
    [10, 3],
    [50, 11],
    [99, 21],
    [100, 21],
  ])("of %s percent is %s of 21 objects", async (samplePercent, size) => {
    const read = watchReads();
    expect(await verify({ samplePercent })).toMatchObject({ kind: "done", value: { objectsVerified: BigInt(size) } });
    expect(read.size).toBe(size);
  });

  it("is the same for the same seed, and reaches every object over many seeds", async () => {
    const read = watchReads();
    const pick = async (seed: string): Promise<string[]> => {
      read.clear();
      await verify({ samplePercent: 10, seed });
      return [...read].sort();
    };
    expect(await pick("a")).toEqual(await pick("a"));
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) for (const name of await pick(String(seed))) seen.add(name);
    expect(seen.size).toBe(OBJECTS);
  });

  it.each([0, 101, Number.NaN])("of %s percent is a bug of the caller", async (samplePercent) => {
    await expect(verify({ samplePercent })).rejects.toThrow(RangeError);
  });
});

describe("a verification", () => {
  it("reads nothing without a key, and ends when the gate closes half way", async () => {
    world.keys.close("revoked");
    const read = watchReads();
    expect(await verify()).toEqual({ kind: "key", failure: "revoked" });
    expect(read.size).toBe(0);
    world.keys.reopen();
    const control = createControl(undefined, ({ bytesDone }) => {
      if (bytesDone > backup.bytes / 2n) world.keys.close("revoked");
    });
    expect(await verify({}, control)).toEqual({ kind: "key", failure: "revoked" });
    expect(control.updates.at(-1)?.bytesDone).toBeLessThan(backup.bytes);
    expect(world.keys.held).toBe(0);
  });

  it("can be stopped", async () => {
    const control = createControl(undefined, ({ bytesDone }) => {
      if (bytesDone > 2_000_000n) control.stop("cancelled");
    });
    expect(await verify({}, control)).toEqual({ kind: "stopped", stop: "cancelled" });
  });

  it("takes a store that fails for no damage", async () => {
    const { objects } = world.ports;
    const get = (name: string) => {
      if (name === nameOf(3)) throw new StorageError("STORAGE_UNAVAILABLE", "the disk is gone");
      return objects.get(name);
    };
    world.ports = { ...world.ports, objects: { ...objects, get } };
    expect(await verify()).toMatchObject({ kind: "fault", fault: { code: "STORAGE_UNAVAILABLE" } });
  });
});
