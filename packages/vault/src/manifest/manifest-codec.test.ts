import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asVersion1, bytesOf, collect } from "../../testing/collect.js";
import { compareBytes } from "../format/path-order.js";
import { contentDigest } from "./content-digest.js";
import { decodeManifest } from "./decode-manifest.js";
import { encodeManifest } from "./encode-manifest.js";
import { isEntryPath, parentOf } from "./entry-path.js";
import { MAX_LINE_BYTES, type Manifest, type ManifestEntry, type ManifestObject } from "./manifest.js";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const mode = fc.integer({ min: 0, max: 0o777 });
const mtimeMs = fc.integer({ min: -1e12, max: 4e12 });
const entryPath = fc
  .array(fc.string({ unit: "binary", minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"))
  .filter(isEntryPath);
const drawn = fc.record({
  path: entryPath,
  kind: fc.constantFrom("file", "directory", "skipped"),
  ...{ mode, mtimeMs, sha256: digest },
  size: fc.nat(2 ** 40),
  own: fc.boolean(),
  reason: fc.constantFrom("symlink", "not-a-regular-file", "name-not-utf8"),
});

/** A manifest that keeps all the rules: parents added, paths sorted, files packed one after the other. */
const manifest: fc.Arbitrary<Manifest> = fc.array(drawn, { maxLength: 12 }).map((items) => {
  const byPath = new Map<string, ManifestEntry | (typeof items)[number]>();
  for (const item of items) byPath.set(item.path, item);
  for (const item of items) {
    for (let parent = parentOf(item.path); parent !== ""; parent = parentOf(parent)) {
      byPath.set(parent, { type: "directory", path: parent, mode: 0o755, mtimeMs: 0 });
    }
  }
  const objects: ManifestObject[] = [];
  const entries = [...byPath.values()]
    .sort((a, b) => compareBytes(a.path, b.path))
    .map((item): ManifestEntry => {
      if ("type" in item) return item;
      if (item.kind === "directory") return { type: "directory", path: item.path, mode: item.mode, mtimeMs: item.mtimeMs };
      if (item.kind === "skipped") return { type: "skipped", path: item.path, reason: item.reason as "symlink" };
      const last = objects.at(-1);
      const open = last === undefined || item.own ? { number: objects.length * 3, bytes: 0, sealedBytes: 9 } : last;
      if (open !== last) objects.push(open);
      const offset = open.bytes;
      objects[objects.length - 1] = { ...open, bytes: offset + item.size };
      const { path, size, sha256 } = item;
      return { type: "file", path, mode: item.mode, mtimeMs: item.mtimeMs, size, sha256, object: open.number, offset };
    });
  return {
    header: {
      ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "12", generation: 3, kind: "SALESFORCE_EXPORT" },
      root: { mode: 0o700, mtimeMs: 1 },
    },
    ...{ objects, entries, contentDigest: contentDigest(entries) },
  };
});

describe("encode and decode", () => {
  it("give back any manifest, however its bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(manifest, fc.integer({ min: 1, max: 300 }), async (original, step) => {
        const bytes = await collect(encodeManifest(original));
        const cut = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step));
        expect(await decodeManifest(bytesOf(...cut), 2)).toEqual(original);
      }),
    );
  });

  it("keep to the format as it is written down, byte for byte", async () => {
    const entries: ManifestEntry[] = [
      { type: "directory", path: "a", mode: 0o755, mtimeMs: 1_700_000_000_000 },
      { type: "file", path: "a/b.csv", mode: 0o644, mtimeMs: -5, size: 3, sha256: "ab".repeat(32), object: 0, offset: 0 },
      { type: "skipped", path: "a/link", reason: "symlink" },
    ];
    const bytes = await collect(
      encodeManifest({
        header: {
          ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "1", generation: 1, kind: "DIRECTORY" },
          root: { mode: 493, mtimeMs: 7 },
        },
        objects: [{ number: 0, bytes: 3, sealedBytes: 456 }],
        entries,
        contentDigest: contentDigest(entries),
      }),
    );
    expect(bytes.toString()).toBe(
      [
        '{"format":"ekm-manifest","version":2,"accountId":"acc_1","backupId":"bkp_1","attempt":"1","generation":1,"kind":"DIRECTORY","root":{"mode":493,"mtimeMs":7}}',
        '{"object":0,"bytes":3,"sealedBytes":456}',
        '{"directory":"a","mode":493,"mtimeMs":1700000000000}',
        `{"file":"a/b.csv","mode":420,"mtimeMs":-5,"size":3,"sha256":"${"ab".repeat(32)}","object":0,"offset":0}`,
        '{"skipped":"a/link","reason":"symlink"}',
        // The digest was made with printf and sha256sum from the definition in content-digest.ts.
        '{"objects":1,"entries":3,"files":1,"bytes":3,"contentDigest":"5e13436c333e04ab1cd5fccbcfeed292adc9d46921878f5eb99e98bc8f9181a4"}',
        "",
      ].join("\n"),
    );
  });
});

describe("decode", () => {
  const sample = async (): Promise<string[]> => {
    const entries: ManifestEntry[] = [
      { type: "directory", path: "d", mode: 0o755, mtimeMs: 0 },
      { type: "file", path: "d/x", mode: 0o644, mtimeMs: 0, size: 4, sha256: "ab".repeat(32), object: 0, offset: 0 },
      { type: "file", path: "d/y", mode: 0o644, mtimeMs: 0, size: 6, sha256: "ab".repeat(32), object: 0, offset: 4 },
    ];
    const bytes = await collect(
      encodeManifest({
        header: {
          ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "1", generation: 1, kind: "DIRECTORY" },
          root: { mode: 0o755, mtimeMs: 0 },
        },
        objects: [{ number: 0, bytes: 10, sealedBytes: 99 }],
        entries,
        contentDigest: contentDigest(entries),
      }),
    );
    return bytes.toString().trimEnd().split("\n");
  };
  const decodeLines = (lines: readonly string[]) => decodeManifest(bytesOf(`${lines.join("\n")}\n`), 2);
  const corrupt = { name: "VaultError", code: "BACKUP_CORRUPT" };

  it("reads version 1, which stated each object's digest", async () => {
    const text = `${(await sample()).join("\n")}\n`;
    const digest = "cd".repeat(32);
    const decoded = await decodeManifest(asVersion1(bytesOf(text), digest), 1);
    expect(decoded.objects).toEqual([{ number: 0, bytes: 10, sealedBytes: 99, sha256: digest }]);
    await expect(decodeManifest(asVersion1(bytesOf(text), "no digest"), 1)).rejects.toMatchObject(corrupt);
    await expect(decodeManifest(bytesOf(text.replace('"version":2', '"version":1')), 1)).rejects.toMatchObject(corrupt);
  });

  it("refuses any line left out, repeated or moved", async () => {
    const lines = await sample();
    await expect(decodeLines(lines)).resolves.toBeDefined();
    for (let i = 0; i < lines.length; i++) {
      await expect(decodeLines(lines.toSpliced(i, 1))).rejects.toMatchObject(corrupt);
      await expect(decodeLines(lines.toSpliced(i, 0, lines[i] ?? ""))).rejects.toMatchObject(corrupt);
      if (i > 0)
        await expect(decodeLines(lines.toSpliced(i - 1, 2, lines[i] ?? "", lines[i - 1] ?? ""))).rejects.toMatchObject(corrupt);
    }
  });

  it.each<[string, (text: string) => string]>([
    ["another format", (text) => text.replace("ekm-manifest", "x")],
    ["another version", (text) => text.replace('"version":2', '"version":3')],
    ["an earlier version than was recorded", (text) => text.replace('"version":2', '"version":1')],
    [
      "a key of the earlier version",
      (text) => text.replace('"sealedBytes":99', `"sealedBytes":99,"sha256":"${"cd".repeat(32)}"`),
    ],
    ["another kind", (text) => text.replace("DIRECTORY", "OTHER")],
    ["an id that is no name", (text) => text.replace("acc_1", "../x")],
    ["a key too many", (text) => text.replace('"generation":1', '"generation":1,"more":1')],
    ["a key missing", (text) => text.replace('"attempt":"1",', "")],
    ["a mode beyond the permission bits", (text) => text.replace('"d","mode":493', '"d","mode":2541')],
    ["a size that is not whole", (text) => text.replace('"size":4', '"size":4.5')],
    ["a size below zero", (text) => text.replace('"size":4', '"size":-4')],
    ["a size that is text", (text) => text.replace('"size":4', '"size":"4"')],
    ["a size beyond what is exact", (text) => text.replace('"size":4', '"size":9007199254740993')],
    ["a digest in capitals", (text) => text.replace("abab", "ABAB")],
    ["a gap between files", (text) => text.replace('"offset":4', '"offset":5')],
    ["files that overlap", (text) => text.replace('"offset":4', '"offset":3')],
    ["an object that is not listed", (text) => text.replace('"object":0,"offset":4', '"object":1,"offset":4')],
    ["an object that is longer than its files", (text) => text.replace('"bytes":10,"sealed', '"bytes":11,"sealed')],
    ["a count that is wrong", (text) => text.replace('"files":2', '"files":3')],
    ["a content digest of another list", (text) => text.replace('"d/y"', '"d/z"')],
    [
      "a skipped entry without a known reason",
      (text) => text.replace('{"directory":"d","mode":493,"mtimeMs":0}', '{"skipped":"d","reason":"x"}'),
    ],
    ["an array for a line", (text) => text.replace(/^.*\n/, "[]\n")],
    ["null for a line", (text) => text.replace(/^.*\n/, "null\n")],
    ["text that is not JSON", (text) => text.replace('"directory"', "directory")],
    ["a last line without an end", (text) => text.slice(0, -1)],
    ["nothing at all", () => ""],
    ["a line that is too long", (text) => text.replace('"d"', `"${"d".repeat(MAX_LINE_BYTES)}"`)],
    ["a line that never ends", () => "x".repeat(3 * MAX_LINE_BYTES)],
  ])("refuses %s", async (_, change) => {
    const text = `${(await sample()).join("\n")}\n`;
    expect(change(text)).not.toBe(text);
    await expect(decodeManifest(bytesOf(change(text)), 2)).rejects.toMatchObject(corrupt);
  });

  it("refuses what is not UTF-8", async () => {
    await expect(decodeManifest(bytesOf(Buffer.from([0xff, 0x0a])), 2)).rejects.toMatchObject(corrupt);
  });

  it("never fails in another way, whatever the bytes", async () => {
    const lines = await sample();
    const mangled = fc.tuple(fc.nat(lines.length - 1), fc.json()).map(([at, line]) => lines.toSpliced(at, 1, line).join("\n"));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          mangled.map((text) => Buffer.from(`${text}\n`)),
        ),
        async (bytes) => {
          await expect(decodeManifest(bytesOf(bytes), 2)).rejects.toMatchObject(corrupt);
        },
      ),
    );
  });
});

describe("isEntryPath", () => {
  it.each(["a", "a/b", "...", "a..b", " ", "\n", "ü/\u{1f511}", `${"x".repeat(255)}/y`])("allows %j", (path) => {
    expect(isEntryPath(path)).toBe(true);
  });
  it.each(["", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "a\0b", "\ud800", "x".repeat(256), `${"a/".repeat(2048)}a`])(
    "refuses %j",
    (path) => {
      expect(isEntryPath(path)).toBe(false);
    },
  );
});
