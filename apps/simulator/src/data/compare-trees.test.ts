import { cp, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareTrees } from "./compare-trees.js";

const BIG = Buffer.alloc((1 << 20) * 2 + 17, 7);
let root = "";
let [source, copy] = ["", ""];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-trees-"));
  [source, copy] = [join(root, "source"), join(root, "copy")];
  await mkdir(join(source, "folder"), { recursive: true });
  await writeFile(join(source, "Account.csv"), "text");
  await writeFile(join(source, "empty"), "");
  await writeFile(join(source, "folder", "große Datei"), BIG);
  await cp(source, copy, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

describe("comparing trees", () => {
  it("finds equal trees identical, and counts what it read", async () => {
    expect(await compareTrees(source, copy)).toEqual({ identical: true, files: 3, bytes: BIG.length + 4, differences: [] });
  });

  const damage: [string, () => Promise<unknown>, object][] = [
    [
      "the last byte of a large file",
      () => writeFile(join(copy, "folder", "große Datei"), Buffer.concat([BIG.subarray(0, -1), Buffer.from([8])])),
      { path: "folder/große Datei", kind: "content", detail: `differs from byte ${BIG.length - 1} on` },
    ],
    ["a byte more", () => writeFile(join(copy, "empty"), "x"), { path: "empty", kind: "size" }],
    ["a byte less", () => truncate(join(copy, "Account.csv"), 3), { path: "Account.csv", kind: "size" }],
    ["a file that is gone", () => rm(join(copy, "empty")), { path: "empty", kind: "missing" }],
    ["a file too many", () => writeFile(join(copy, "more"), ""), { path: "more", kind: "unexpected" }],
    ["a directory too many", () => mkdir(join(copy, "more")), { path: "more", kind: "unexpected" }],
    [
      "a link in a file's place",
      () => rm(join(copy, "empty")).then(() => symlink("Account.csv", join(copy, "empty"))),
      { path: "empty", kind: "type" },
    ],
  ];
  it.each(damage)("sees %s", async (_, act, difference) => {
    await act();
    const { identical, differences } = await compareTrees(source, copy);
    expect(identical).toBe(false);
    expect(differences).toMatchObject([difference]);
  });
});
