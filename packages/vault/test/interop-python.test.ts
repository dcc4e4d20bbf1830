// Invariant: a backup is readable without us: a reader written from docs/format.md alone, which shares no code with the product, restores it
// byte for byte, and refuses what our restore refuses.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type PeerAnswer, whenInterop } from "../../../interop/test/peer.js";
import type { SealedBackup } from "../src/api.js";
import { createWorld, snapshot, type TestWorld, writeTree } from "../testing/index.js";

whenInterop((peer) => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  /** Restores with the other reader, from a copy of the store in files. */
  async function restoreElsewhere(backup: SealedBackup, of = world): Promise<PeerAnswer> {
    const store = path.join(of.directory, `copy-${randomBytes(4).toString("hex")}`);
    for (const [name, bytes] of of.store.objects) {
      await mkdir(path.dirname(path.join(store, name)), { recursive: true });
      await writeFile(path.join(store, name), bytes);
    }
    const access = await of.keys.forReading("acc_1", backup.generation);
    if (!access.ok) throw new Error(access.error);
    const key = access.value.key.use((bytes) => Buffer.from(bytes).toString("base64"));
    access.value.release();
    const { generation, manifest } = backup;
    return peer.ask({
      do: "restore",
      key,
      store,
      target: of.target,
      account: "acc_1",
      backup: { id: "bkp_1", generation, manifest },
    });
  }

  it("restores files of every kind of size, modes, times and empty directories", { timeout: 120_000 }, async () => {
    await writeTree(world.source, {
      "a/small": "small content",
      "a/empty": "",
      "a-b": "sorts between a and a/",
      "b/one byte": "x",
      "b/frame": randomBytes(65_536),
      "b/frame less one": randomBytes(65_535),
      "b/frame and one": randomBytes(65_537),
      "b/own object": randomBytes(1_048_576),
      "b/many frames": randomBytes(9_000_001),
      "deep/er/and/deeper": { content: "#!/bin/sh", mode: 0o755 },
      "no files here": null,
      "ä/\u{1f511} \uffee": 'names with "quotes", \\ and\nnew lines\u0001',
      "read-only": { content: "r", mode: 0o444 },
    });
    const backup = await world.backedUp();
    expect(await restoreElsewhere(backup)).toEqual({ ok: backup.contentDigest });
    expect(await snapshot(world.target)).toEqual(await snapshot(world.source));
  });

  it("restores an empty backup", async () => {
    const backup = await world.backedUp();
    expect(await restoreElsewhere(backup)).toEqual({ ok: backup.contentDigest });
    expect(await readdir(world.target)).toEqual([]);
  });

  it("restores any tree", { timeout: 120_000 }, async () => {
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 8 }).filter((text) => !/[/\0]|^\.\.?$/.test(text));
    const tree = fc.dictionary(name, fc.dictionary(name, fc.uint8Array({ maxLength: 100 }), { maxKeys: 4 }), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(tree, async (generated) => {
        const other = await createWorld();
        try {
          for (const [directory, files] of Object.entries(generated)) {
            await mkdir(path.join(other.source, directory), { recursive: true });
            for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(other.source, directory, file), bytes);
          }
          const backup = await other.backedUp();
          expect(await restoreElsewhere(backup, other)).toEqual({ ok: backup.contentDigest });
          expect(await snapshot(other.target)).toEqual(await snapshot(other.source));
        } finally {
          await other.close();
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each<[string, (objects: Map<string, Buffer>, backup: SealedBackup) => unknown]>([
    ["a missing manifest", (objects) => objects.delete("acc_1/bkp_1/1/manifest")],
    ["a missing object", (objects) => objects.delete("acc_1/bkp_1/1/000001")],
    ["an object cut short", (objects) => edit(objects, "000000", (bytes) => bytes.subarray(0, -1))],
    ["an object made longer", (objects) => edit(objects, "000000", (bytes) => Buffer.concat([bytes, Buffer.of(0)]))],
    ["a changed object", (objects) => edit(objects, "000001", flipBit)],
    ["a changed manifest", (objects) => edit(objects, "manifest", flipBit)],
    ["two objects that changed places", (objects) => swap(objects, "000000", "000001")],
    ["another manifest's digest", (_, backup) => Object.assign(backup.manifest, { digest: "0".repeat(64) })],
    ["another generation", (_, backup) => Object.assign(backup, { generation: 2 })],
  ])("refuses %s, as we do", async (_what, damage) => {
    await writeTree(world.source, { "a/small": "small content", "z.bin": randomBytes(1_200_000) });
    const backup = await world.backedUp();
    damage(world.store.objects, backup);
    expect(await world.restore(backup)).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
    expect(await restoreElsewhere(backup)).toEqual({ refused: expect.stringMatching(/^Refused: /) });
    expect(await readdir(world.targets)).toEqual([]);
  });
});

function flipBit(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
  return changed;
}

const nameOf = (part: string): string => `acc_1/bkp_1/1/${part}`;

function edit(objects: Map<string, Buffer>, part: string, change: (bytes: Buffer) => Buffer): void {
  objects.set(nameOf(part), change(objects.get(nameOf(part)) as Buffer));
}

function swap(objects: Map<string, Buffer>, one: string, other: string): void {
  const [a, b] = [objects.get(nameOf(one)) as Buffer, objects.get(nameOf(other)) as Buffer];
  objects.set(nameOf(one), b);
  objects.set(nameOf(other), a);
}
