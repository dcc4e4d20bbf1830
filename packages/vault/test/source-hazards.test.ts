import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { link, mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SealedBackup } from "../src/api.js";
import type { Manifest } from "../src/manifest/manifest.js";
import { createOpener } from "../src/restore/opener.js";
import { readManifest } from "../src/restore/read-manifest.js";
import { createControl, createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: a backup holds what lay below its root at one moment of each file, and nothing from elsewhere; what cannot be read
// so makes it fail, or is reported in the manifest, and is never silently wrong.

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());
const at = (name: string): string => path.join(world.source, name);

async function manifestOf(backup: SealedBackup): Promise<Manifest> {
  const access = await world.keys.forReading("acc_1", backup.generation);
  if (!access.ok) throw new Error(access.error);
  const request = world.restoreRequest(backup);
  return readManifest(request, createOpener(request, world.ports, access.value), access.value.gate);
}

describe("what is not a regular file", () => {
  it("is not followed or read, but reported", async () => {
    await writeFile(path.join(world.directory, "secret"), "of somebody else");
    await writeTree(world.source, { "d/real": "x" });
    await symlink("../../secret", at("d/link"));
    await symlink("/etc", at("directory-link"));
    await symlink("d/real", at("inner-link"));
    await symlink("nowhere", at("dangling"));
    execFileSync("mkfifo", [at("pipe")]);
    const backup = await world.backedUp();
    const manifest = await manifestOf(backup);
    expect(manifest.entries.filter((entry) => entry.type === "skipped")).toEqual([
      { type: "skipped", path: "d/link", reason: "symlink" },
      { type: "skipped", path: "dangling", reason: "symlink" },
      { type: "skipped", path: "directory-link", reason: "symlink" },
      { type: "skipped", path: "inner-link", reason: "symlink" },
      { type: "skipped", path: "pipe", reason: "not-a-regular-file" },
    ]);
    expect((await world.restore(backup)).kind).toBe("done");
    expect((await readdir(world.target, { recursive: true })).sort()).toEqual(["d", "d/real"]);
  });

  it("reports names that are not Unicode, even where they look alike", async () => {
    for (const last of [0x80, 0x81]) await writeFile(Buffer.concat([Buffer.from(at("name-")), Buffer.of(last)]), "x");
    await writeFile(at("name-\ufffd"), "a real one");
    await writeFile(Buffer.concat([Buffer.from(`${world.source}/`), Buffer.alloc(255, 0xff)]), "x");
    const backup = await world.backedUp();
    const { entries } = await manifestOf(backup);
    expect(entries.filter((entry) => entry.type === "skipped" && entry.reason === "name-not-utf8")).toHaveLength(3);
    expect((await world.restore(backup)).kind).toBe("done");
    expect(await readdir(world.target)).toEqual(["name-\ufffd"]);
  });

  it("keeps the content of a file with several names under each of them", async () => {
    await writeTree(world.source, { a: "shared" });
    await link(at("a"), at("b"));
    const backup = await world.backedUp();
    expect(backup.items).toBe(2n);
    expect((await world.restore(backup)).kind).toBe("done");
  });
});

describe("a source that changes under the backup", () => {
  /** Does something to the source when the first byte of the large file has been read. */
  const backupWhile = async (act: () => void) => {
    let acted = false;
    const control = createControl(undefined, ({ bytesDone }) => {
      if (bytesDone === 0n || acted) return;
      acted = true;
      act();
    });
    const outcome = await world.backup(control);
    expect(acted).toBe(true);
    return outcome;
  };

  it.each<[string, () => void]>([
    ["grows", () => appendFileSync(at("large"), "more")],
    ["shrinks", () => truncateSync(at("large"), 2_500_000)],
    ["is rewritten with the same length", () => writeFileSync(at("large"), randomBytes(6_000_000))],
    ["is touched", () => utimesSync(at("large"), 1, 1)],
  ])("fails and names the file that %s", async (_, act) => {
    await writeTree(world.source, { large: randomBytes(6_000_000) });
    expect(await backupWhile(act)).toEqual({
      kind: "fault",
      fault: { code: "SOURCE_UNAVAILABLE", message: '"large" changed while it was read' },
    });
    expect([...world.store.objects.keys()]).toEqual([]);
    expect((await world.backup()).kind).toBe("done");
  });

  const replaceLast = (make: (last: string) => void) => () => {
    rmSync(at("z/last"));
    make(at("z/last"));
  };
  it.each<[string, () => void]>([
    ["vanishes", replaceLast(() => {})],
    ["becomes a link", replaceLast((last) => symlinkSync("large", last))],
    ["becomes a pipe", replaceLast((last) => execFileSync("mkfifo", [last]))],
    ["becomes a directory", replaceLast((last) => mkdirSync(last))],
    [
      "is reached through a link that took its directory's place",
      () => {
        renameSync(at("z"), path.join(world.directory, "elsewhere"));
        symlinkSync("../elsewhere", at("z"));
      },
    ],
  ])("fails when a file that was listed %s", async (_, act) => {
    // Held to a rate, a backup reads one object at a time: the last file is listed, but not open, when it is acted upon.
    await writeTree(world.source, { "z/large": randomBytes(2_000_000), "z/last": randomBytes(1_100_000) });
    let acted = false;
    const control = createControl(100_000_000n, ({ bytesDone }) => {
      if (bytesDone < 1_500_000n || acted) return;
      acted = true;
      act();
    });
    expect(await world.backup(control)).toMatchObject({ kind: "fault", fault: { code: "SOURCE_UNAVAILABLE" } });
    expect([...world.store.objects.keys()]).toEqual([]);
  });
});

describe("a source that is not there", () => {
  it.each<[string, () => Promise<string>]>([
    ["missing", async () => path.join(world.directory, "missing")],
    [
      "a file",
      async () => {
        await writeFile(path.join(world.directory, "file"), "x");
        return path.join(world.directory, "file");
      },
    ],
    [
      "a link to a directory",
      async () => {
        await symlink(world.source, path.join(world.directory, "link"));
        return path.join(world.directory, "link");
      },
    ],
    [
      "below a link",
      async () => {
        await mkdir(path.join(world.directory, "real/inner"), { recursive: true });
        await symlink(path.join(world.directory, "real"), path.join(world.directory, "link"));
        return path.join(world.directory, "link/inner");
      },
    ],
    [
      "moved away",
      async () => {
        await rename(world.source, path.join(world.directory, "moved"));
        return world.source;
      },
    ],
  ])("is SOURCE_UNAVAILABLE: %s", async (_, prepare) => {
    const outcome = await world.backup(undefined, { location: await prepare() });
    expect(outcome).toMatchObject({ kind: "fault", fault: { code: "SOURCE_UNAVAILABLE" } });
    expect(world.keys.held).toBe(0);
  });
});
