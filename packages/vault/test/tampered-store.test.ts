import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SealedBackup } from "../src/api.js";
import { createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: whatever happens to stored bytes, a restore answers BACKUP_CORRUPT and nothing appears at its target.

const MANIFEST = "acc_1/bkp_1/1/manifest";
const SHARED = "acc_1/bkp_1/1/000000";
const LARGE = "acc_1/bkp_1/1/000001";

let world: TestWorld;
let backup: SealedBackup;
beforeEach(async () => {
  world = await createWorld();
  await writeTree(world.source, { "a/small": "small content", "b/other": "other content", "z.bin": randomBytes(1_200_000) });
  backup = await world.backedUp();
  const names = [...world.store.objects.keys()].sort();
  expect(names).toEqual([LARGE, SHARED, MANIFEST].sort());
});
afterEach(() => world.close());

const stored = (name: string): Buffer => {
  const bytes = world.store.objects.get(name);
  if (bytes === undefined) throw new Error(`no object ${name}`);
  return bytes;
};
const expectCorrupt = async (): Promise<void> => {
  const outcome = await world.restore(backup);
  expect(outcome).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
  expect(await readdir(world.targets)).toEqual([]);
  expect(world.keys.held).toBe(0);
};

describe.each([MANIFEST, SHARED, LARGE])("a damaged object: %s", (name) => {
  it("deleted", async () => {
    world.store.objects.delete(name);
    await expectCorrupt();
  });

  it("emptied", async () => {
    world.store.objects.set(name, Buffer.alloc(0));
    await expectCorrupt();
  });

  it("one bit flipped, anywhere", async () => {
    const intact = stored(name);
    const places = [0, 1, 2, 20, 60, intact.length >> 1, intact.length - 17, intact.length - 1];
    for (const place of [...places, ...Array.from({ length: 8 }, () => Math.floor(Math.random() * intact.length))]) {
      const flipped = Buffer.from(intact);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 8));
      world.store.objects.set(name, flipped);
      await expectCorrupt();
    }
  });

  it("cut short, anywhere", async () => {
    const intact = stored(name);
    for (const length of [1, 50, intact.length >> 1, intact.length - 16, intact.length - 1]) {
      world.store.objects.set(name, intact.subarray(0, length));
      await expectCorrupt();
    }
  });

  it("made longer", async () => {
    world.store.objects.set(name, Buffer.concat([stored(name), Buffer.of(0)]));
    await expectCorrupt();
  });
});

describe("objects that are whole, but in the wrong place", () => {
  it("two objects of one backup swapped", async () => {
    const [one, other] = [stored(SHARED), stored(LARGE)];
    world.store.objects.set(SHARED, other);
    world.store.objects.set(LARGE, one);
    await expectCorrupt();
  });

  it.each([
    ["another attempt of the same backup", { attempt: "0" }],
    ["another backup", { backupId: "bkp_2" }],
    ["another account under the same key", { accountId: "acc_2" }],
  ])("an object, and the manifest, of %s", async (_, change) => {
    const request = world.backupRequest(change);
    expect((await world.backup(undefined, change)).kind).toBe("done");
    for (const part of ["000000", "000001", "manifest"]) {
      const intact = stored(`acc_1/bkp_1/1/${part}`);
      world.store.objects.set(
        `acc_1/bkp_1/1/${part}`,
        stored(`${request.accountId}/${request.backupId}/${request.attempt}/${part}`),
      );
      await expectCorrupt();
      world.store.objects.set(`acc_1/bkp_1/1/${part}`, intact);
    }
    expect((await world.restore(backup)).kind).toBe("done");
  });

  it("a manifest that is genuine and in its place, but not the one that the row names", async () => {
    const again = await createWorld();
    try {
      again.ports = { ...again.ports, keys: world.keys };
      await writeTree(again.source, { "a/small": "an older state" });
      expect((await again.backup()).kind).toBe("done");
      for (const [name, bytes] of again.store.objects) world.store.objects.set(name, bytes);
      await expectCorrupt();
    } finally {
      await again.close();
    }
  });

  it.each(["acc_1/bkp_2/1/manifest", "acc_1/bkp_1/manifest", "acc_1/bkp_1/1/000000", "acc_1/bkp_1/../x/manifest", ""])(
    "a row that names %j as the manifest",
    async (objectName) => {
      backup = { ...backup, manifest: { ...backup.manifest, objectName } };
      await expectCorrupt();
    },
  );

  it("a backup that was read under the wrong generation", async () => {
    backup = { ...backup, generation: 2 };
    await expectCorrupt();
  });
});

it("a manifest of a version to come is not restorable, rather than corrupt", async () => {
  backup = { ...backup, manifest: { ...backup.manifest, version: 3 } };
  expect(await world.restore(backup)).toMatchObject({ kind: "fault", fault: { code: "BACKUP_NOT_RESTORABLE" } });
});
