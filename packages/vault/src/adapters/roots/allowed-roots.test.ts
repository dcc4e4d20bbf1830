// Invariant: an account reaches the directories of its own roots and no other account's, whatever links lie on the way; and what
// it may not reach is answered alike whether it is there or not.
import { lstat, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAllowedRoots, type DirectoryRoots } from "./allowed-roots.js";

const A = "acc_1";
const B = "acc_2";
let base: string;
let roots: DirectoryRoots;
const at = (...parts: string[]): string => path.join(base, ...parts);
beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), "ekm-roots-")));
});
afterEach(() => rm(base, { recursive: true }));

describe("shared roots", () => {
  beforeEach(async () => {
    for (const directory of ["one/data/inner", "two", "outside/secret", "one-more", "real-restores"]) {
      await mkdir(at(directory), { recursive: true });
    }
    await writeFile(at("one/file"), "x");
    await writeFile(at("one/data/content"), "x");
    await symlink(at("outside"), at("one/way-out"));
    await symlink(at("one/data"), at("one/within"));
    await symlink("data/inner", at("one/relative"));
    await symlink(at("one/round"), at("one/round"));
    await symlink(at("one"), at("two/across"));
    await symlink(at("real-restores"), at("restores"));
    roots = createAllowedRoots({ roots: [at("one"), at("two"), at("gone"), at("restores")], restoreRoot: at("restores") });
  });

  describe("resolveSource", () => {
    it.each([
      ["one/data", "one/data"],
      ["one/data/", "one/data"],
      ["one/within/inner", "one/data/inner"],
      ["one/relative", "one/data/inner"],
      ["two/across/data", "one/data"],
    ])("answers the real path: %s", async (given, real) => {
      expect(await roots.resolveSource(A, base + path.sep + given)).toEqual({ ok: true, value: at(real) });
    });

    it.each([
      ["one", "INPUT_INVALID"],
      ["outside", "INPUT_INVALID"],
      ["outside/missing", "INPUT_INVALID"],
      ["one-more", "INPUT_INVALID"],
      ["one/../outside", "INPUT_INVALID"],
      ["one/way-out", "INPUT_INVALID"],
      ["one/way-out/secret", "INPUT_INVALID"],
      ["one/way-out/missing", "INPUT_INVALID"],
      ["one/round", "INPUT_INVALID"],
      ["two/across", "INPUT_INVALID"],
      ["one/\0", "INPUT_INVALID"],
      [`one/${"x/".repeat(3000)}`, "INPUT_INVALID"],
      ["gone/data", "INPUT_INVALID"],
      ["one/missing", "SOURCE_UNAVAILABLE"],
      ["one/file", "SOURCE_UNAVAILABLE"],
    ])("refuses %j", async (given, code) => {
      expect(await roots.resolveSource(A, base + path.sep + given)).toMatchObject({ ok: false, error: { code } });
    });

    it.each(["", "one/data", "/", "."])("refuses %j, which is not below a root", async (given) => {
      expect(await roots.resolveSource(A, given)).toMatchObject({ ok: false, error: { code: "INPUT_INVALID" } });
    });

    it("says the same of what is there outside the roots and of what is not", async () => {
      expect(await roots.resolveSource(A, at("outside/secret"))).toEqual(await roots.resolveSource(A, at("outside/missing")));
    });
  });

  describe("resolveTarget", () => {
    it.each(["one/new", "one/data/inner", "one/data/new"])("answers a path that may be made or is empty: %s", async (given) => {
      expect(await roots.resolveTarget(A, at(given), false)).toEqual({ ok: true, value: at(given) });
    });

    it("answers the real path below a root that is itself a link", async () => {
      expect(await roots.resolveTarget(A, at("restores/r1"), false)).toEqual({ ok: true, value: at("real-restores/r1") });
    });

    it("lets a full directory be replaced only on demand", async () => {
      expect(await roots.resolveTarget(A, at("one/data"), false)).toMatchObject({
        ok: false,
        error: { code: "RESTORE_TARGET_INVALID" },
      });
      expect(await roots.resolveTarget(A, at("one/data"), true)).toEqual({ ok: true, value: at("one/data") });
    });

    it.each([
      ...[
        "one",
        "two",
        "real-restores",
        "outside/new",
        "one/way-out/new",
        "one/way-out",
        "one/within/new",
        "one/file",
        "one/file/new",
      ],
      ...["one/missing/new", "one/../outside/new", "gone/new", "one/new.ekm-staging-rst_1.0123abcd", "two/across"],
    ])("refuses %s, even with overwrite", async (given) => {
      expect(await roots.resolveTarget(A, base + path.sep + given, true)).toMatchObject({
        ok: false,
        error: { code: "RESTORE_TARGET_INVALID" },
      });
    });
  });

  it("have one default target for all: a new directory below the restore root, which may be restored to", async () => {
    const target = roots.defaultTarget(A, "rst_1");
    expect(target).toBe(at("real-restores/rst_1"));
    expect(await roots.resolveTarget(A, target, false)).toEqual({ ok: true, value: target });
    expect(await roots.restoreRoots()).toEqual([at("real-restores")]);
  });
});

describe("roots of an account's own", () => {
  beforeEach(async () => {
    for (const account of [A, B]) await mkdir(at(`srv/${account}/in/crm`), { recursive: true });
    await mkdir(at("real/out"), { recursive: true });
    await symlink(at("real/out"), at("out"));
    await writeFile(at(`srv/${B}/in/crm/secret`), "x");
    roots = createAllowedRoots({
      roots: [at("srv/{account}/in"), at("out/{account}/restores")],
      restoreRoot: at("out/{account}/restores"),
    });
  });

  it("are found for each account", async () => {
    for (const account of [A, B]) {
      const own = at(`srv/${account}/in/crm`);
      expect(await roots.resolveSource(account, own)).toEqual({ ok: true, value: own });
      expect(await roots.resolveTarget(account, path.join(own, "new"), false)).toMatchObject({ ok: true });
    }
  });

  it.each([
    "srv/acc_2/in/crm",
    "srv/acc_2/in/missing",
    "srv/acc_2/in",
    "srv/acc_2",
    "srv",
    "srv/{account}/in/crm",
    "srv/acc_1/in",
  ])("do not include %s for another account, there or not", async (location) => {
    const foreign = await roots.resolveSource(A, at(location));
    expect(foreign).toMatchObject({ ok: false, error: { code: "INPUT_INVALID" } });
    expect(foreign).toEqual(await roots.resolveSource(A, at("nothing/at/all")));
    const target = await roots.resolveTarget(A, at(location, "new"), true);
    const own = location === "srv/acc_1/in";
    expect(target).toEqual(
      own ? { ok: true, value: at(location, "new") } : await roots.resolveTarget(A, at("nothing/new"), true),
    );
  });

  it("cannot be left over a link, and what the link names is not told, there or not", async () => {
    const links = { there: "crm", missing: "no-such", file: "crm/secret" };
    for (const [name, to] of Object.entries(links)) await symlink(at(`srv/${B}/in/${to}`), at(`srv/${A}/in/${name}`));
    await symlink(`../../${B}/in`, at(`srv/${A}/in/relative`));
    const expected = await roots.resolveSource(A, at("nothing"));
    for (const path of ["there", "missing", "file", "relative", "relative/crm", "relative/no-such", "there/x"]) {
      expect(await roots.resolveSource(A, at(`srv/${A}/in`, path)), path).toEqual(expected);
    }
    const overLink = await roots.resolveTarget(A, at(`srv/${A}/in/there/new`), true);
    expect(overLink).toMatchObject({ ok: false, error: { code: "RESTORE_TARGET_INVALID" } });
    expect(await roots.resolveTarget(A, at(`srv/${A}/in/missing/new`), true)).toEqual(overLink);
    const link = await roots.resolveTarget(A, at(`srv/${A}/in/there`), true);
    expect(link).toMatchObject({ ok: false });
    expect(await roots.resolveTarget(A, at(`srv/${A}/in/missing`), true)).toEqual(link);
  });

  it("allow nothing while the account's own part of a root is a link", async () => {
    await rm(at(`srv/${A}/in`), { recursive: true });
    await symlink(at(`srv/${B}/in`), at(`srv/${A}/in`));
    expect(await roots.resolveSource(A, at(`srv/${A}/in/crm`))).toEqual(await roots.resolveSource(A, at("nothing")));
    await symlink(at(`srv/${B}`), at(`real/out/${A}`));
    const target = await roots.resolveTarget(A, roots.defaultTarget(A, "rst_1"), false);
    expect(target).toMatchObject({ ok: false, error: { code: "RESTORE_TARGET_INVALID" } });
    await expect(lstat(at(`srv/${B}/restores`)), "made nothing there").rejects.toThrow("ENOENT");
  });

  it("get their place for restores when a restore needs it", async () => {
    const target = roots.defaultTarget(A, "rst_1");
    expect(target).toBe(at(`real/out/${A}/restores/rst_1`));
    expect(await roots.restoreRoots()).toEqual([]);
    expect(await roots.resolveTarget(A, target, false)).toEqual({ ok: true, value: target });
    expect(await roots.restoreRoots()).toEqual([at(`real/out/${A}/restores`)]);
    expect(await roots.resolveTarget(B, target, false)).toMatchObject({ ok: false });
  });

  it("do not take an id that is more than a name", async () => {
    await expect(roots.resolveSource("../acc_2", at("x"))).rejects.toBeInstanceOf(RangeError);
  });
});
