import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAllowedRoots, type DirectoryRoots } from "./allowed-roots.js";

let base: string;
let roots: DirectoryRoots;
const at = (...parts: string[]): string => path.join(base, ...parts);
beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), "ekm-roots-")));
  for (const directory of ["one/data/inner", "two", "outside/secret", "one-more", "real-restores"]) {
    await mkdir(at(directory), { recursive: true });
  }
  await writeFile(at("one/file"), "x");
  await writeFile(at("one/data/content"), "x");
  await symlink(at("outside"), at("one/way-out"));
  await symlink(at("one/data"), at("one/within"));
  await symlink(at("one"), at("two/across"));
  await symlink(at("real-restores"), at("restores"));
  roots = createAllowedRoots({ roots: [at("one"), at("two"), at("gone"), at("restores")], restoreRoot: at("restores") });
});
afterEach(() => rm(base, { recursive: true }));

describe("resolveSource", () => {
  it.each([
    ["one/data", "one/data"],
    ["one/data/", "one/data"],
    ["one/within/inner", "one/data/inner"],
    ["two/across/data", "one/data"],
  ])("answers the real path: %s", async (given, real) => {
    expect(await roots.resolveSource(base + path.sep + given)).toEqual({ ok: true, value: at(real) });
  });

  it.each([
    ["one", "INPUT_INVALID"],
    ["outside", "INPUT_INVALID"],
    ["outside/missing", "INPUT_INVALID"],
    ["one-more", "INPUT_INVALID"],
    ["one/../outside", "INPUT_INVALID"],
    ["one/way-out", "INPUT_INVALID"],
    ["one/way-out/secret", "INPUT_INVALID"],
    ["two/across", "INPUT_INVALID"],
    ["one/\0", "INPUT_INVALID"],
    [`one/${"x/".repeat(3000)}`, "INPUT_INVALID"],
    ["gone/data", "INPUT_INVALID"],
    ["one/missing", "SOURCE_UNAVAILABLE"],
    ["one/file", "SOURCE_UNAVAILABLE"],
  ])("refuses %j", async (given, code) => {
    expect(await roots.resolveSource(base + path.sep + given)).toMatchObject({ ok: false, error: { code } });
  });

  it.each(["", "one/data", "/", "."])("refuses %j, which is not below a root", async (given) => {
    expect(await roots.resolveSource(given)).toMatchObject({ ok: false, error: { code: "INPUT_INVALID" } });
  });

  it("says the same of what is there outside the roots and of what is not", async () => {
    expect(await roots.resolveSource(at("outside/secret"))).toEqual(await roots.resolveSource(at("outside/missing")));
  });
});

describe("resolveTarget", () => {
  it.each(["one/new", "one/data/inner", "one/data/new"])("answers a path that may be made or is empty: %s", async (given) => {
    expect(await roots.resolveTarget(at(given), false)).toEqual({ ok: true, value: at(given) });
  });

  it("answers the real path below a root that is itself a link", async () => {
    expect(await roots.resolveTarget(at("restores/r1"), false)).toEqual({ ok: true, value: at("real-restores/r1") });
  });

  it("lets a full directory be replaced only on demand", async () => {
    expect(await roots.resolveTarget(at("one/data"), false)).toMatchObject({
      ok: false,
      error: { code: "RESTORE_TARGET_INVALID" },
    });
    expect(await roots.resolveTarget(at("one/data"), true)).toEqual({ ok: true, value: at("one/data") });
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
    expect(await roots.resolveTarget(base + path.sep + given, true)).toMatchObject({
      ok: false,
      error: { code: "RESTORE_TARGET_INVALID" },
    });
  });
});

describe("defaultTarget", () => {
  it("is a new directory below the restore root, and may be restored to", async () => {
    const target = roots.defaultTarget("rst_1");
    expect(target).toBe(at("real-restores/rst_1"));
    expect(await roots.resolveTarget(target, false)).toEqual({ ok: true, value: target });
  });
});
