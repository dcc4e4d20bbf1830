import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileObjectStore } from "../src/adapters/file-store/file-object-store.js";
import { type ObjectStore, StorageError } from "../src/ports/object-store.js";
import { createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: a store that fails, at whatever call, makes the job fail with the store's own code; a failed backup leaves no
// object (as far as the store lets it), a failed restore leaves nothing at the target, and afterwards both work again.

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
  for (let i = 0; i < 5; i++) await writeTree(world.source, { [`large${i}`]: randomBytes(1_100_000), [`small${i}`]: "x" });
});
afterEach(() => world.close());

/** The store, whose n-th call of one method fails, the body half read where there is one. */
function failing(store: ObjectStore, method: "put" | "get", nth: number, code: StorageError["code"]) {
  let calls = 0;
  let fired = false;
  const fault = (): StorageError => {
    fired = true;
    return new StorageError(code, `the ${method} failed`);
  };
  const objects: ObjectStore = {
    ...store,
    async put(name, body) {
      if (method !== "put" || ++calls !== nth) return store.put(name, body);
      for await (const _ of body) break;
      throw fault();
    },
    async get(name) {
      const stored = await store.get(name);
      if (stored === null || method !== "get" || ++calls !== nth) return stored;
      return (async function* () {
        for await (const chunk of stored) {
          yield chunk.subarray(0, chunk.length >> 1);
          throw fault();
        }
      })();
    },
  };
  return { objects, fired: () => fired };
}

describe.each(["STORAGE_FULL", "STORAGE_UNAVAILABLE"] as const)("%s", (code) => {
  it.each([1, 3, 6, 7])("at put %i of a backup", async (nth) => {
    const { objects, fired } = failing(world.store, "put", nth, code);
    world.ports = { ...world.ports, objects };
    expect(await world.backup()).toEqual({ kind: "fault", fault: { code, message: "the put failed" } });
    expect(fired()).toBe(true);
    expect([...world.store.objects.keys()]).toEqual([]);
    expect((await world.backup()).kind).toBe("done");
  });

  it.each([1, 2, 7])("at get %i of a restore", async (nth) => {
    const backup = await world.backedUp();
    const { objects, fired } = failing(world.store, "get", nth, code);
    world.ports = { ...world.ports, objects };
    expect(await world.restore(backup)).toMatchObject({ kind: "fault", fault: { code, message: "the get failed" } });
    expect(fired()).toBe(true);
    expect(await readdir(world.targets)).toEqual([]);
    expect((await world.restore(backup)).kind).toBe("done");
  });
});

it("every object is flushed before the manifest names it; a flush that fails fails the backup", async () => {
  const calls: string[] = [];
  const objects: ObjectStore = {
    ...world.store,
    put: (name, body, flush) => {
      calls.push(`put ${name.split("/").at(-1)} ${flush}`);
      return world.store.put(name, body, flush);
    },
    flush: async (names) => {
      calls.push(`flush ${names.map((name) => name.split("/").at(-1)).sort()}`);
      expect([...world.store.objects.keys()].sort()).toEqual([...names].sort());
    },
  };
  world.ports = { ...world.ports, objects };
  expect((await world.backup()).kind).toBe("done");
  const data = [0, 1, 2, 3, 4, 5].map((number) => `00000${number}`);
  expect(calls.slice(0, -2).sort()).toEqual(data.map((name) => `put ${name} later`));
  expect(calls.slice(-2)).toEqual([`flush ${data}`, "put manifest now"]);

  world.store.objects.clear();
  const failing = () => Promise.reject(new StorageError("STORAGE_FULL", "no room to flush"));
  world.ports = { ...world.ports, objects: { ...objects, flush: failing } };
  expect(await world.backup()).toMatchObject({ kind: "fault", fault: { code: "STORAGE_FULL" } });
  expect([...world.store.objects.keys()]).toEqual([]);
});

it("a store that cannot even delete does not hide why the backup failed", async () => {
  const { objects } = failing(world.store, "put", 4, "STORAGE_FULL");
  const unavailable = async (): Promise<never> => {
    throw new StorageError("STORAGE_UNAVAILABLE", "no deletes");
  };
  world.ports = { ...world.ports, objects: { ...objects, delete: unavailable } };
  expect(await world.backup()).toMatchObject({ kind: "fault", fault: { code: "STORAGE_FULL" } });
});

it("an object of this attempt that is already there is not replaced and not taken away", async () => {
  await world.store.put("acc_1/bkp_1/1/000002", (async function* () {})());
  expect(await world.backup()).toMatchObject({ kind: "fault", fault: { code: "STORAGE_UNAVAILABLE" } });
  expect([...world.store.objects.keys()]).toEqual(["acc_1/bkp_1/1/000002"]);
});

it("a bug in a port is thrown, not answered, and the objects are taken away all the same", async () => {
  const bug = new TypeError("a bug");
  let puts = 0;
  world.ports = {
    ...world.ports,
    objects: {
      ...world.store,
      async put(name, body) {
        if (++puts === 3) throw bug;
        return world.store.put(name, body);
      },
    },
  };
  await expect(world.backup()).rejects.toBe(bug);
  expect([...world.store.objects.keys()]).toEqual([]);
  expect(world.keys.held).toBe(0);
});

/** Mounts a real file system of 3 MB, where the system lets us. */
function mountSmall(directory: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", directory], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

it("a disk that is really full: STORAGE_FULL from store and target, nothing left, and room makes both work again", async (test) => {
  const small = path.join(world.directory, "small");
  await mkdir(small);
  if (!mountSmall(small)) test.skip("only root may mount a small file system here; the wrapper above stands for it");
  try {
    const objects = createFileObjectStore(path.join(small, "store"));
    const full = { ...world.ports, objects };
    const roomy = world.ports;
    world.ports = full;
    expect(await world.backup()).toMatchObject({ kind: "fault", fault: { code: "STORAGE_FULL" } });
    const files = (await readdir(small, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files).toEqual([]);

    world.ports = roomy;
    const backup = await world.backedUp();
    await mkdir(path.join(small, "targets"));
    const target = path.join(small, "targets", "restored");
    expect(await world.restore(backup, undefined, { target })).toMatchObject({ kind: "fault", fault: { code: "STORAGE_FULL" } });
    expect(await readdir(path.join(small, "targets"))).toEqual([]);
    execFileSync("mount", ["-o", "remount,size=64m", small]);
    expect((await world.restore(backup, undefined, { target })).kind).toBe("done");
    world.ports = full;
    expect((await world.backup(undefined, { backupId: "bkp_2" })).kind).toBe("done");
  } finally {
    execFileSync("umount", [small]);
  }
});
