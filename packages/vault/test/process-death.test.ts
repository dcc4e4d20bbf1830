import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sweepStaging } from "../src/adapters/directory-target/sweep-staging.js";
import { createFileObjectStore, type FileObjectStore } from "../src/adapters/file-store/file-object-store.js";
import { TEMPORARY } from "../src/adapters/file-store/put-object.js";
import { bytesOf, createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: a process that is killed at any moment leaves no object that is visible but not whole, and no target; what it does
// leave is removed by the sweeps at the next start.

let world: TestWorld;
let child: ChildProcess | undefined;
let root: string;
let store: FileObjectStore;
beforeEach(async () => {
  world = await createWorld();
  root = path.join(world.directory, "store");
  store = createFileObjectStore(root);
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await world.close();
});

/** Runs a script beside the tests and kills it, without any warning, once it has said "half-way". */
async function killHalfWay(script: string, ...args: string[]): Promise<void> {
  const file = fileURLToPath(new URL(`./fixtures/${script}`, import.meta.url));
  child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const said = await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), exited]);
  expect(String(said[0])).toContain("half-way");
  child.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
}

it("a put", async () => {
  await killHalfWay("put-for-ever.mjs", root);
  const names: string[] = [];
  for await (const name of store.list("a/")) names.push(name);
  expect(names).toEqual([]);
  expect(await store.get("a/b")).toBeNull();
  expect(await readdir(path.join(root, TEMPORARY))).toHaveLength(1);

  expect(await store.sweep()).toBe(0); // it may still be somebody's: it was written to just now
  expect(await store.sweep(0)).toBe(1);
  expect(await readdir(path.join(root, TEMPORARY))).toEqual([]);
  await store.put("a/b", bytesOf("the name is still free"));
});

it("a restore", async () => {
  await writeTree(world.targets, { "restored/old": "stays" });
  await killHalfWay("restore-for-ever.mjs", world.target);
  expect((await readdir(world.targets)).filter((name) => !name.includes(".ekm-staging-rst_1."))).toEqual(["restored"]);
  expect(await readdir(world.targets)).toHaveLength(2);
  expect(await readdir(world.target)).toEqual(["old"]);

  expect(await sweepStaging(world.targets)).toBe(1);
  expect(await readdir(world.targets)).toEqual(["restored"]);
});
