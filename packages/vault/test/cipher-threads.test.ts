// Invariant: with the ciphers on threads a backup is the same backup, and a key that ends, whenever it does, or a thread that is
// lost, leaves nothing behind.
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { CipherThreadLostError, createCipherPool } from "@ekm/crypto-core";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { createControl, createWorld, snapshot, type TestWorld, writeTree } from "../testing/index.js";

const pool = createCipherPool({ threads: 2 });
afterAll(() => pool.close());
let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
  for (let i = 0; i < 12; i++) await writeTree(world.source, { [`d${i % 3}/small${i}`]: randomBytes(20_000) });
  await writeTree(world.source, { "large.bin": randomBytes(9_000_000), "medium.bin": randomBytes(1_500_000), empty: "" });
});
afterEach(() => world.close());
const onThreads = (ciphers = pool): void => {
  world.ports = { ...world.ports, ciphers };
};
const inline = (): void => {
  const { ciphers: _, ...ports } = world.ports;
  world.ports = ports;
};

it.each([
  ["threads", "threads"],
  ["threads", "calling thread"],
  ["calling thread", "threads"],
])("backed up on %s, restored on %s: the same tree", async (backupOn, restoreOn) => {
  if (backupOn === "threads") onThreads();
  const backup = await world.backedUp();
  inline();
  const other = await world.backup(undefined, { backupId: "bkp_2" });
  expect(other).toMatchObject({ kind: "done", value: { contentDigest: backup.contentDigest, bytes: backup.bytes } });
  if (restoreOn === "threads") onThreads();
  expect((await world.restore(backup)).kind).toBe("done");
  expect(await snapshot(world.target)).toEqual(await snapshot(world.source));
});

it("a gate that closes at any question ends the job with the key's failure, and nothing is left", async () => {
  onThreads();
  const backup = await world.backedUp();
  const kept = [...world.store.objects.keys()].sort();
  const runs = [
    () => world.backup(undefined, { backupId: "bkp_2" }),
    () => world.restore(backup, createControl(), { restoreId: "rst_2" }),
  ];
  for (const run of runs) {
    for (const n of [1, 2, 5, 11, 23, 40, 60, 80]) {
      const from = world.keys.asked;
      world.keys.onAsk = () => {
        if (world.keys.asked - from >= n) world.keys.close("KEY_DISABLED");
      };
      expect(await run()).toMatchObject({ kind: "key", failure: "KEY_DISABLED" });
      expect([...world.store.objects.keys()].sort()).toEqual(kept);
      expect(await readdir(world.targets)).toEqual([]);
      world.keys.onAsk = undefined;
      world.keys.reopen();
    }
  }
  expect(world.keys.held).toBe(0);
  expect((await world.restore(backup)).kind).toBe("done");
});

it("a lost thread fails the job loudly, and nothing is left", async () => {
  const own = createCipherPool({ threads: 1 });
  onThreads(own);
  let closing: Promise<void> | undefined;
  const control = createControl(undefined, ({ bytesDone }) => {
    if (bytesDone > 3_000_000n) closing ??= own.close();
  });
  await expect(world.backup(control)).rejects.toBeInstanceOf(CipherThreadLostError);
  await closing;
  expect([...world.store.objects.keys()]).toEqual([]);
  expect(world.keys.held).toBe(0);
});
