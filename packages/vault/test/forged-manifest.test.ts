import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { ALWAYS_OPEN, seal } from "@ekm/crypto-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RestoreRequest } from "../src/api.js";
import { keyName, objectContext } from "../src/format/names.js";
import { contentDigest } from "../src/manifest/content-digest.js";
import { encodeManifest } from "../src/manifest/encode-manifest.js";
import type { ManifestEntry } from "../src/manifest/manifest.js";
import { bytesOf, createWorld, digestOf, snapshot, type TestWorld } from "../testing/index.js";

// Invariant: not even a manifest that is sealed under the right key and recorded in the row makes a restore write outside its
// target, through a link, or twice to one path.

const NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
  await writeFile(path.join(world.directory, "witness"), "untouched");
});
afterEach(() => world.close());

const file = (at: string): ManifestEntry => ({
  ...{ type: "file", path: at, mode: 0o644, mtimeMs: 0, size: 0, sha256: NOTHING, object: 0, offset: 0 },
});
const directory = (at: string): ManifestEntry => ({ type: "directory", path: at, mode: 0o755, mtimeMs: 0 });

/** Seals any list as a manifest of the backup, as somebody with the account key and the database could. */
async function forge(entries: readonly ManifestEntry[], change: { accountId?: string; generation?: number } = {}) {
  const access = await world.keys.forSealing("acc_1");
  if (!access.ok) throw new Error(access.error);
  const put = async (name: string, body: AsyncIterable<Uint8Array>) =>
    world.store.put(
      name,
      seal(body, {
        accountKey: access.value.key,
        keyName: keyName("acc_1", 1),
        context: objectContext({ accountId: "acc_1", backupId: "bkp_1" }, name, 1),
        frameLength: 65_536,
        gate: ALWAYS_OPEN,
      }),
    );
  const data = await put("acc_1/bkp_1/1/000000", bytesOf());
  await put(
    "acc_1/bkp_1/1/manifest",
    encodeManifest({
      header: {
        ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "1", generation: 1, kind: "DIRECTORY" },
        root: { mode: 0o755, mtimeMs: 0 },
        ...change,
      },
      objects: [{ number: 0, bytes: 0, sealedBytes: data.bytes }],
      entries,
      contentDigest: contentDigest(entries),
    }),
  );
  const objectName = "acc_1/bkp_1/1/manifest";
  const row = { objectName, digest: await digestOf(await world.store.get(objectName)), version: 2 };
  return { generation: 1, manifest: row } as unknown as Parameters<TestWorld["restore"]>[0];
}

it("restores an honest manifest made this way", async () => {
  const outcome = await world.restore(await forge([directory("d"), file("d/x")]));
  expect(outcome.kind).toBe("done");
  expect(await readdir(world.target, { recursive: true })).toEqual(["d", "d/x"]);
});

it.each<[string, ManifestEntry[]]>([
  ["a parent path", [file("../witness")]],
  ["a parent path further in", [directory("d"), file("d/../../witness")]],
  ["the parent as a directory", [directory("..")]],
  ["the root itself", [directory(".")]],
  ["an empty path", [file("")]],
  ["an absolute path", [file("/tmp/escaped")]],
  ["an empty part", [directory("d"), file("d//x")]],
  ["a trailing slash", [directory("d/")]],
  ["a NUL", [file("a\0b")]],
  ["half a character", [file("\ud800")]],
  ["a part that is too long", [file("x".repeat(256))]],
  ["a path twice", [file("a"), file("a")]],
  ["a file that is a directory, too", [file("a"), directory("a")]],
  ["a file below a file", [file("a"), file("a/b")]],
  ["a file below no directory", [file("d/x")]],
  ["paths out of order", [file("b"), file("a")]],
])("refuses %s", async (_, entries) => {
  const before = await snapshot(world.directory);
  expect(await world.restore(await forge(entries))).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
  expect(await snapshot(world.directory)).toEqual(before);
});

it.each([{ accountId: "acc_2" }, { generation: 2 }])("refuses a header that speaks of another backup: %j", async (change) => {
  const outcome = await world.restore(await forge([file("a")], change));
  expect(outcome).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
});

it("refuses a restore's id that would leave the directory", async () => {
  const backup = await forge([file("a")]);
  const request: Partial<RestoreRequest> = { restoreId: "../x" };
  await expect(world.restore(backup, undefined, request)).rejects.toBeInstanceOf(RangeError);
});
