import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, stat, utimes } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createControl, createFakeClock, createWorld, snapshot, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: what is restored is what was backed up, byte for byte, and equal trees have equal content digests.

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const part = fc.oneof(
  fc.constantFrom(
    "a",
    "a-b",
    "a.b",
    "b",
    "ä",
    "日本",
    "\u{1f511}",
    "\uffee",
    " ",
    "new\nline",
    "-",
    "...",
    "__proto__",
    "back\\slash",
  ),
  fc
    .string({ unit: "binary", minLength: 1, maxLength: 12 })
    .filter((name) => !/[/\0]/.test(name) && name !== "." && name !== ".."),
);
const content = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 65_530, max: 65_545 }).map((length) => randomBytes(length)),
  fc.constantFrom(1_048_575, 1_048_576, 1_048_577).map((length) => randomBytes(length)),
);
const tree = fc.dictionary(
  fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
  fc.option(fc.record({ content, mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444) })),
  { maxKeys: 12, noNullPrototype: true },
);

/** Drops what could not lie beside the rest in one tree: a path below a file. */
const possible = <T>(all: Record<string, T | null>): Record<string, T | null> =>
  Object.fromEntries(
    Object.entries(all).filter(([path]) => {
      const parents = path.split("/").map((_, depth, parts) => parts.slice(0, depth).join("/"));
      return !parents.some((parent) => parent !== "" && all[parent]);
    }),
  );

describe("backup and restore", () => {
  it("gives back any tree byte for byte, with modes, times and empty directories", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (generated) => {
        const one = await createWorld();
        try {
          await writeTree(one.source, possible(generated));
          const before = await snapshot(one.source);
          const backup = await one.backedUp();
          const outcome = await one.restore(backup);
          expect(outcome.kind).toBe("done");
          expect(await snapshot(one.target)).toEqual(before);
          expect(outcome.kind === "done" && outcome.value.contentDigest).toBe(backup.contentDigest);
          expect(outcome.trace.bytesReleased).toBe(backup.bytes);
          expect(await readdir(one.targets)).toEqual(["restored"]);
          expect(one.keys.held).toBe(0);
        } finally {
          await one.close();
        }
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the root's attributes, read-only directories and old times", async () => {
    await writeTree(world.source, { "d/inner/f": "x" });
    await utimes(path.join(world.source, "d/inner/f"), new Date(-86_400_000), new Date(-86_400_000));
    await chmod(path.join(world.source, "d/inner"), 0o555);
    await chmod(world.source, 0o750);
    await utimes(world.source, 1_000_000_000, 1_000_000_000);
    await world.restore(await world.backedUp());
    const modeOf = async (name: string): Promise<number> => (await stat(path.join(world.target, name))).mode & 0o777;
    expect(await modeOf("")).toBe(0o750);
    expect(await modeOf("d/inner")).toBe(0o555);
    expect((await stat(world.target)).mtimeMs).toBe(1_000_000_000_000);
    expect((await stat(path.join(world.target, "d/inner/f"))).mtimeMs).toBe(-86_400_000);
  });

  it("gives equal trees equal digests, whenever and by whom they were backed up, and others different ones", async () => {
    const digestOf = async (change: (other: TestWorld) => Promise<void>): Promise<string> => {
      const other = await createWorld();
      await writeTree(other.source, { "a/b": "1", "a/c": { content: "2", mode: 0o644 }, e: null });
      await change(other);
      const digest = (await other.backedUp()).contentDigest;
      await other.close();
      return digest;
    };
    const digest = await digestOf(async () => {});
    const at = (other: TestWorld, name: string): string => path.join(other.source, name);
    expect(await digestOf((other) => utimes(at(other, "a/b"), 5, 5))).toBe(digest);
    expect(await digestOf((other) => chmod(at(other, "a/c"), 0o600))).toBe(digest);
    const others = await Promise.all([
      digestOf((other) => chmod(at(other, "a/c"), 0o755)),
      digestOf((other) => writeTree(other.source, { "a/b": "3" })),
      digestOf((other) => writeTree(other.source, { "a/d": "" })),
      digestOf((other) => writeTree(other.source, { f: null })),
    ]);
    expect(new Set([digest, ...others]).size).toBe(5);
  });

  it("packs many small files into few objects, and gives a large file one of its own", async () => {
    for (let i = 0; i < 1000; i++) await writeTree(world.source, { [`small/${i % 10}/${i}`]: `content of ${i}` });
    await writeTree(world.source, { "large.bin": randomBytes(9_000_000) });
    const before = await snapshot(world.source);
    const backup = await world.backedUp();
    expect([...world.store.objects.keys()].sort()).toEqual([
      "acc_1/bkp_1/1/000000",
      "acc_1/bkp_1/1/000001",
      "acc_1/bkp_1/1/manifest",
    ]);
    expect(backup.items).toBe(1001n);
    expect((await world.restore(backup)).kind).toBe("done");
    expect(await snapshot(world.target)).toEqual(before);
  });

  it("backs up and restores an empty directory", async () => {
    const backup = await world.backedUp();
    expect([backup.bytes, backup.items]).toEqual([0n, 0n]);
    expect((await world.restore(backup)).kind).toBe("done");
    expect(await readdir(world.target)).toEqual([]);
  });

  it("reports progress that grows to its total, both ways", async () => {
    await writeTree(world.source, { a: randomBytes(3_000_000), b: "x", c: randomBytes(1_500_000) });
    const control = createControl();
    const outcome = await world.backup(control);
    if (outcome.kind !== "done") throw new Error(outcome.kind);
    const restoring = createControl();
    await world.restore(outcome.value, restoring);
    for (const { updates } of [control, restoring]) {
      expect(updates[0]).toEqual({ bytesDone: 0n, bytesTotal: 4_500_001n, itemsDone: 0n, itemsTotal: 3n });
      expect(updates.at(-1)).toEqual({ bytesDone: 4_500_001n, bytesTotal: 4_500_001n, itemsDone: 3n, itemsTotal: 3n });
      expect(updates.some(({ bytesDone }) => bytesDone > 0n && bytesDone < 4_500_001n)).toBe(true);
    }
  });

  it("keeps both ways to the rate it is given", async () => {
    await writeTree(world.source, { a: randomBytes(3_000_000), b: randomBytes(500_000), c: randomBytes(500_000) });
    const clock = createFakeClock();
    world.ports = { ...world.ports, clock };
    const outcome = await world.backup(createControl(1_000_000n));
    if (outcome.kind !== "done") throw new Error(outcome.kind);
    const backupMs = clock.elapsedMs;
    expect(backupMs).toBeGreaterThan(2_900);
    expect(backupMs).toBeLessThan(4_100);
    await world.restore(outcome.value, createControl(1_000_000n));
    expect(clock.elapsedMs - backupMs).toBeGreaterThan(2_900);
    expect(clock.elapsedMs - backupMs).toBeLessThan(4_100);
  });

  it("begins anew under the next generation when one is full, and names one generation only", async () => {
    await writeTree(world.source, { a: randomBytes(2_000_000), b: randomBytes(2_000_000), c: "x" });
    world.keys.limitWraps(2);
    const backup = await world.backedUp();
    expect(backup.generation).toBe(2);
    expect(world.store.objects.size).toBe(4);
    expect((await world.restore(backup)).kind).toBe("done");
    expect(await snapshot(world.target)).toEqual(await snapshot(world.source));
    expect(world.keys.held).toBe(0);
  });

  it("takes away what earlier attempts left, and never what a later one wrote", async () => {
    await writeTree(world.source, { a: "x" });
    for (const attempt of ["1", "2", "10"]) await world.store.put(`acc_1/bkp_1/${attempt}/000000`, (async function* () {})());
    expect((await world.backup(undefined, { attempt: "2x" })).kind).toBe("done");
    expect(world.store.objects.has("acc_1/bkp_1/1/000000")).toBe(true);
    expect((await world.backup(undefined, { attempt: "3" })).kind).toBe("done");
    expect([...world.store.objects.keys()].filter((name) => name.endsWith("/000000")).sort()).toEqual([
      "acc_1/bkp_1/10/000000",
      "acc_1/bkp_1/2x/000000",
      "acc_1/bkp_1/3/000000",
    ]);
  });

  it("replaces an empty target, and a full one only when told to", async () => {
    await writeTree(world.source, { a: "new" });
    const backup = await world.backedUp();
    await mkdir(world.target);
    expect((await world.restore(backup)).kind).toBe("done");
    expect((await world.restore(backup)).kind).toBe("fault");
    await writeTree(world.target, { old: "gone afterwards" });
    expect((await world.restore(backup, undefined, { overwrite: true })).kind).toBe("done");
    expect(await readdir(world.target)).toEqual(["a"]);
    expect(await readdir(world.targets)).toEqual(["restored"]);
  });
});
