// Invariant: no change of what is stored, however made, gives anything but the backup itself or BACKUP_CORRUPT with nothing at the target; and
// no text makes the decoders of manifests and key records do more than refuse it. `npm run test:long` runs this for minutes on fresh seeds.
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { fuzz } from "../../crypto-core/test/fuzz-mutate.js";
import { VaultError } from "../src/faults/vault-error.js";
import { decodeRecord, encodeRecord } from "../src/key-records/record.js";
import { contentDigest } from "../src/manifest/content-digest.js";
import { decodeManifest } from "../src/manifest/decode-manifest.js";
import { encodeManifest } from "../src/manifest/encode-manifest.js";
import type { Manifest, ManifestEntry } from "../src/manifest/manifest.js";
import { bytesOf, collect, createWorld, snapshot, writeTree } from "../testing/index.js";

const LIMIT_MS = 120_000 + Number(process.env["EKM_FUZZ_SECONDS"] ?? 0) * 1000;

it("stored objects", { timeout: LIMIT_MS }, async () => {
  const world = await createWorld();
  try {
    await writeTree(world.source, { "a/b/small": "small content", "a/c": randomBytes(3000), "empty directory": null });
    const backup = await world.backedUp();
    const intact = new Map(world.store.objects);
    const names = [...intact.keys()];
    const wanted = await snapshot(world.source);
    let restored = 0;
    const done = await fuzz([...intact.values()], 600, async (input, random) => {
      const name = names[random.below(names.length)] as string;
      world.store.objects.set(name, input);
      const outcome = await world.restore(backup);
      world.store.objects.set(name, intact.get(name) as Buffer);
      if (intact.get(name)?.equals(input)) {
        restored++;
        expect(outcome.kind).toBe("done");
        expect(await snapshot(world.target)).toEqual(wanted);
        await rm(world.target, { recursive: true });
      } else {
        expect(outcome).toMatchObject({ kind: "fault", fault: { code: "BACKUP_CORRUPT" } });
      }
      expect(await readdir(world.targets)).toEqual([]);
    });
    expect(done).toBeGreaterThan(restored);
    console.info(`stored objects: ${done} inputs, ${restored} of them unchanged`);
  } finally {
    await world.close();
  }
});

const NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const manifestOf = (entries: readonly ManifestEntry[]): Manifest => ({
  header: {
    accountId: "acc_1",
    backupId: "bkp_1",
    attempt: "1",
    generation: 1,
    kind: "DIRECTORY",
    root: { mode: 0o755, mtimeMs: -1 },
  },
  objects: [{ number: 0, bytes: 7, sealedBytes: 400 }],
  entries,
  contentDigest: contentDigest(entries),
});
const file = (path: string, size: number, offset: number): ManifestEntry => ({
  ...{ type: "file", path, mode: 0o644, mtimeMs: 1_700_000_000_000, size, sha256: NOTHING, object: 0, offset },
});

it("manifests", { timeout: LIMIT_MS }, async () => {
  const corpus = await Promise.all(
    [
      [file("a", 7, 0)],
      [{ type: "directory" as const, path: "d", mode: 0o700, mtimeMs: 0 }, file("d/x", 3, 0), file("d/y", 4, 3)],
      [file("a", 7, 0), { type: "skipped" as const, path: "link", reason: "symlink" as const }],
    ].map((entries) => collect(encodeManifest(manifestOf(entries)))),
  );
  let decoded = 0;
  const done = await fuzz(
    corpus,
    20_000,
    async (input, random) => {
      // Half of them get a content digest and counts that fit, or these would hide every other check.
      const text = random.below(2) === 0 ? input : withFittingEnd(input);
      try {
        const manifest = await decodeManifest(bytesOf(text), 2);
        decoded++;
        expect(await decodeManifest(encodeManifest(manifest), 2)).toEqual(manifest);
        expectSound(manifest);
      } catch (error) {
        expect(error).toBeInstanceOf(VaultError);
        expect(error).toMatchObject({ code: "BACKUP_CORRUPT" });
      }
    },
    TOKENS,
  );
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(done);
  console.info(`manifests: ${done} inputs, ${decoded} of them well formed`);
});

const WHOLE_LINES = [
  `{"file":"d/../../x","mode":420,"mtimeMs":0,"size":0,"sha256":"${NOTHING}","object":0,"offset":0}\n`,
  `{"file":"d/x","mode":420,"mtimeMs":0,"size":0,"sha256":"${NOTHING}","object":0,"offset":3}\n`,
  `{"file":"a","mode":420,"mtimeMs":0,"size":0,"sha256":"${NOTHING}","object":0,"offset":7}\n`,
  '{"directory":"..","mode":448,"mtimeMs":0}\n',
  '{"directory":"d","mode":448,"mtimeMs":0}\n',
];

/** Pieces of trouble, to be spliced in. */
const TOKENS = [
  "../",
  "..",
  "/",
  "/..",
  "./",
  "d/",
  "d",
  "\\u0000",
  "\\ud800",
  '"offset":',
  '"offset":3,"',
  "1",
  "-1",
  "1e3",
  '"size":0',
  "\n",
  ...WHOLE_LINES,
];

/** No way out of a target, no path twice, and every object's files one after another from its start to its end. */
function expectSound({ entries, objects, contentDigest: stated }: Manifest): void {
  expect(contentDigest(entries)).toBe(stated);
  const kept = entries.filter(({ type }) => type !== "skipped").map(({ path }) => path);
  for (const path of kept) expect(path).not.toMatch(/^\/|(^|\/)\.{0,2}(\/|$)|\0/);
  expect(new Set(kept).size).toBe(kept.length);
  const filled = new Map(objects.map(({ number }) => [number, 0]));
  for (const entry of entries) {
    if (entry.type !== "file") continue;
    expect(entry.offset).toBe(filled.get(entry.object));
    filled.set(entry.object, entry.offset + entry.size);
  }
  expect([...filled]).toEqual(objects.map(({ number, bytes }) => [number, bytes]));
}

/** What somebody writes who has the account key: the last line made to fit the lines before it, where they are JSON. */
function withFittingEnd(input: Buffer): Buffer {
  const lines = input.toString("utf8").split("\n").slice(0, -1);
  const [last, ...before] = lines.reverse();
  try {
    const entries = before.map((line) => JSON.parse(line)).reverse();
    const files = entries.filter((entry) => "file" in entry);
    const listed: ManifestEntry[] = entries.flatMap((entry) => {
      if ("file" in entry) return [{ ...entry, type: "file", path: entry.file }];
      return "directory" in entry ? [{ ...entry, type: "directory", path: entry.directory }] : [];
    });
    const end = {
      ...JSON.parse(last ?? ""),
      objects: entries.filter((entry) => "object" in entry && !("file" in entry)).length,
      entries: entries.filter((entry) => "file" in entry || "directory" in entry || "skipped" in entry).length,
      files: files.length,
      bytes: files.reduce((sum, entry) => sum + entry.size, 0),
      contentDigest: contentDigest(listed),
    };
    return Buffer.from(`${[...entries, end].map((line) => JSON.stringify(line)).join("\n")}\n`);
  } catch {
    return input;
  }
}

it("key records", { timeout: LIMIT_MS }, async () => {
  const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555";
  const corpus = [1, 2].map((generation) =>
    encodeRecord({ accountId: "acc_1", generation, keyArn, checkValue: NOTHING, ciphertext: Buffer.alloc(184, generation) }),
  );
  let decoded = 0;
  const done = await fuzz(corpus, 20_000, (input) => {
    const record = decodeRecord(input);
    if (record === null) return;
    decoded++;
    expect(encodeRecord(record).equals(input)).toBe(true);
  });
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(done);
  console.info(`key records: ${done} inputs, ${decoded} of them well formed`);
});
