import { rename } from "node:fs/promises";
import path from "node:path";
import { syncPath } from "../sync-path.js";
import { checkTarget } from "./check-target.js";
import { removeTree } from "./remove-tree.js";
import { besideTarget } from "./staging-names.js";
import { targetIo } from "./target-error.js";

/**
 * Renames the staging directory to its target. An old directory is moved aside first and removed last; should the process die
 * in between, sweepStaging puts it back. A target that filled up meanwhile makes the rename fail, it is never merged with.
 */
export async function publish(staging: string, target: string, restoreId: string, overwrite: boolean): Promise<void> {
  if ((await checkTarget(target, overwrite)) === "free") {
    await targetIo(rename(staging, target));
    await targetIo(syncPath(path.dirname(target)));
    return;
  }
  const replaced = besideTarget(target, "replaced", restoreId);
  await targetIo(rename(target, replaced));
  try {
    await targetIo(rename(staging, target));
  } catch (error) {
    await targetIo(rename(replaced, target));
    throw error;
  }
  await targetIo(syncPath(path.dirname(target)));
  await removeTree(replaced).catch(() => {}); // what stays is swept at the next start
}
