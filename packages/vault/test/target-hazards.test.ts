import { mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStaging } from "../src/adapters/directory-target/staging.js";
import { sweepStaging } from "../src/adapters/directory-target/sweep-staging.js";
import type { SealedBackup } from "../src/api.js";
import { createControl, createWorld, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: a target appears whole or not at all, what was there before is lost only to a restore that was told to replace it
// and has succeeded, and nothing is ever written through a symbolic link.

let world: TestWorld;
let backup: SealedBackup;
beforeEach(async () => {
  world = await createWorld();
  await writeTree(world.source, { "a/b": "content", c: "more" });
  backup = await world.backedUp();
});
afterEach(() => world.close());

const invalid = { kind: "fault", fault: { code: "RESTORE_TARGET_INVALID" } };
const text = (file: string): Promise<string> => readFile(file, "utf8");

describe("a target that may not be restored to", () => {
  it.each<[string, (world: TestWorld) => Promise<string>, boolean]>([
    [
      "a directory that is not empty",
      async ({ target }) => {
        await writeTree(target, { mine: "x" });
        return target;
      },
      false,
    ],
    [
      "a file",
      async ({ target }) => {
        await writeFile(target, "mine");
        return target;
      },
      true,
    ],
    [
      "a link to an empty directory",
      async ({ target, directory }) => {
        await mkdir(path.join(directory, "elsewhere"));
        await symlink(path.join(directory, "elsewhere"), target);
        return target;
      },
      true,
    ],
    [
      "below a link",
      async ({ targets, directory }) => {
        await mkdir(path.join(directory, "elsewhere"));
        await symlink(path.join(directory, "elsewhere"), path.join(targets, "link"));
        return path.join(targets, "link", "restored");
      },
      true,
    ],
    ["without a parent", async ({ targets }) => path.join(targets, "none", "restored"), true],
    ["a relative path", async () => "restored", true],
    ["a path that is not normalised", async ({ targets }) => `${targets}/x/../restored`, true],
    ["a name that leaves no room for the staging directory's", async ({ targets }) => path.join(targets, "x".repeat(250)), true],
  ])("%s", async (_, prepare, overwrite) => {
    const target = await prepare(world);
    const before = (await readdir(world.directory, { recursive: true })).sort();
    expect(await world.restore(backup, undefined, { target, overwrite })).toMatchObject(invalid);
    expect((await readdir(world.directory, { recursive: true })).sort()).toEqual(before);
  });
});

describe("a target that changes while the restore runs", () => {
  const restoreWhile = (act: () => Promise<void>, overwrite = false) => {
    const gate = { isOpen: () => false, waitUntilOpen: async () => {} };
    let questions = 0;
    return (async () => {
      const access = await world.keys.forReading("acc_1", 1);
      if (!access.ok) throw new Error(access.error);
      const written = createControl(undefined, ({ itemsDone, itemsTotal }) => {
        if (itemsDone === itemsTotal) questions = 1;
      });
      // The first question after all files were written is the one before the renaming.
      gate.isOpen = () => questions !== 1;
      gate.waitUntilOpen = async () => {
        questions = 2;
        await act();
      };
      world.ports = {
        ...world.ports,
        keys: { ...world.keys, forReading: async () => ({ ok: true, value: { ...access.value, gate } }) },
      };
      const outcome = await world.restore(backup, written, { overwrite });
      expect(questions).toBe(2);
      return outcome;
    })();
  };

  it("and fills up: it is not merged with", async () => {
    expect(await restoreWhile(() => writeTree(world.target, { mine: "x" }))).toMatchObject(invalid);
    expect(await readdir(world.targets)).toEqual(["restored"]);
    expect(await readdir(world.target)).toEqual(["mine"]);
  });

  it("and becomes a link: what it leads to is left alone", async () => {
    const elsewhere = path.join(world.directory, "elsewhere");
    await mkdir(elsewhere);
    expect(await restoreWhile(() => symlink(elsewhere, world.target), true)).toMatchObject(invalid);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it("and loses its parent to a link", async () => {
    const outcome = await restoreWhile(async () => {
      await rename(world.targets, path.join(world.directory, "moved"));
      await symlink(path.join(world.directory, "moved"), world.targets);
    });
    expect(outcome).toMatchObject(invalid);
    expect((await readdir(path.join(world.directory, "moved"))).filter((name) => name === "restored")).toEqual([]);
  });
});

describe("the staging directory", () => {
  it("never writes through what lies in it, a file or a link", async () => {
    const staging = await createStaging(world.target, "rst_1", false);
    const [name = ""] = await readdir(world.targets);
    const witness = path.join(world.directory, "witness");
    await writeFile(witness, "untouched");
    await symlink(witness, path.join(world.targets, name, "planted"));
    await symlink(world.directory, path.join(world.targets, name, "planted-directory"));
    const write = (relative: string) =>
      staging.writeFile(relative, { mode: 0o644, mtimeMs: 0 }, [Buffer.from("x")], (_, run) => run());
    await expect(write("planted")).rejects.toMatchObject({ code: "RESTORE_TARGET_INVALID" });
    await expect(staging.makeDirectory("planted-directory")).rejects.toMatchObject({ code: "RESTORE_TARGET_INVALID" });
    expect(await text(witness)).toBe("untouched");
    await staging.wipe();
    expect(await text(witness)).toBe("untouched");
    expect(await readdir(world.targets)).toEqual([]);
  });

  it("becomes the target only once it was flushed, where files are flushed one by one, too", async () => {
    const fill = async (...[findFlush]: [Parameters<typeof createStaging>[3]?]) => {
      const staging = await createStaging(world.target, "rst_1", false, findFlush);
      await staging.writeFile("f", { mode: 0o644, mtimeMs: 0 }, [Buffer.from("x")], (_, run) => run());
      await staging.finishDirectories([{ path: "", mode: 0o755, mtimeMs: 0 }]);
      return staging;
    };
    const refused = await fill(async () => async () => false);
    await expect(refused.publish()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await refused.wipe();
    expect(await readdir(world.targets)).toEqual([]);
    await (await fill(async () => null)).publish();
    expect(await text(path.join(world.target, "f"))).toBe("x");
  });

  it("of a restore that is run again is wiped first; those of others are left alone", async () => {
    for (const id of ["rst_1", "rst_2"]) {
      await writeTree(`${world.target}.ekm-staging-${id}.0123abcd`, { half: "plaintext" });
    }
    await writeTree(world.targets, { "restored.ekm-staging-of-my-own/x": "mine" });
    expect((await world.restore(backup)).kind).toBe("done");
    expect((await readdir(world.targets)).sort()).toEqual([
      "restored",
      "restored.ekm-staging-of-my-own",
      "restored.ekm-staging-rst_2.0123abcd",
    ]);
  });
});

describe("the sweep at start-up", () => {
  it("wipes staging, brings back what a restore had moved aside but not replaced, and removes what it had", async () => {
    await writeTree(world.targets, {
      "one.ekm-staging-rst_1.0123abcd/d/f": "plaintext",
      "two.ekm-replaced-rst_2.0123abcd/old": "comes back",
      "three.ekm-replaced-rst_3.0123abcd/old": "was replaced",
      "three/new": "in its place",
      "four.ekm-staging-rst_4.0123abcd/f": "of a restore that is running",
      "other/file": "none of our business",
    });
    expect(await sweepStaging(world.targets, (id) => id === "rst_4")).toBe(3);
    expect((await readdir(world.targets)).sort()).toEqual(["four.ekm-staging-rst_4.0123abcd", "other", "three", "two"]);
    expect(await readdir(path.join(world.targets, "two"))).toEqual(["old"]);
    expect(await readdir(path.join(world.targets, "three"))).toEqual(["new"]);
    expect(await sweepStaging(path.join(world.targets, "missing"))).toBe(0);
  });
});
