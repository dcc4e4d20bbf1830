import { lstat, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { orNull } from "../errno.js";
import { removeTree } from "./remove-tree.js";
import { parseBesideTarget } from "./staging-names.js";
import { targetIo } from "./target-error.js";

/**
 * Removes what restores that died have left in `directory` (the parent of their targets), and returns how many it dealt with:
 * staging directories are wiped; a replaced directory goes back to its place when the restore died before it took it, and is
 * removed otherwise. `isLive` tells which restores other processes run now. Throws VaultError; a directory that is not there is empty.
 */
export async function sweepStaging(
  directory: string,
  isLive: (restoreId: string) => Promise<boolean> | boolean = () => false,
): Promise<number> {
  let swept = 0;
  for (const name of (await targetIo(orNull(readdir(directory)))) ?? []) {
    const staged = parseBesideTarget(name);
    if (staged === null || (await isLive(staged.restoreId))) continue;
    const target = path.join(directory, staged.target);
    const orphaned = staged.role === "replaced" && (await targetIo(orNull(lstat(target)))) === null;
    await targetIo(orphaned ? orNull(rename(path.join(directory, name), target)) : removeTree(path.join(directory, name)));
    swept++;
  }
  return swept;
}
