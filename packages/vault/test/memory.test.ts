import { randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFileObjectStore } from "../src/adapters/file-store/file-object-store.js";
import { createControl, createWorld, type TestWorld } from "../testing/index.js";

// Invariant: memory is bounded by frames and objects in flight, not by the size of what is backed up.

const MB = 1_000_000;
let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

it("a tree of 200 MB, one file of 120 MB in it, goes through in far less memory, both ways", async () => {
  await mkdir(path.join(world.source, "d"));
  const block = randomBytes(MB);
  const write = async (name: string, bytes: number): Promise<void> => {
    const handle = await open(path.join(world.source, name), "w");
    for (let done = 0; done < bytes; done += MB) await handle.write(block, 0, Math.min(MB, bytes - done));
    await handle.close();
  };
  await write("large", 120 * MB);
  for (let i = 0; i < 40; i++) await write(`d/${i}`, i % 2 ? 3.5 * MB : 0.5 * MB);

  world.ports = { ...world.ports, objects: createFileObjectStore(path.join(world.directory, "store")) };
  const base = process.memoryUsage().rss;
  let peak = 0;
  let updates = 0;
  const watched = () =>
    createControl(undefined, () => {
      if (updates++ % 10 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    });
  const outcome = await world.backup(watched());
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  expect(outcome.value.bytes).toBe(200n * BigInt(MB));
  expect((await world.restore(outcome.value, watched())).kind).toBe("done");
  expect(updates).toBeGreaterThan(100);
  expect((peak - base) / MB).toBeLessThan(120);
}, 60_000);
