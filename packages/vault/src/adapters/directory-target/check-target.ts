import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { orNull } from "../errno.js";
import { targetInvalid, targetIo } from "./target-error.js";

/** Throws RESTORE_TARGET_INVALID unless the directory that will hold the target is reached without a symbolic link. */
export async function checkParent(target: string): Promise<void> {
  const parent = path.dirname(target);
  if ((await targetIo(realpath(parent))) !== parent) throw targetInvalid("the restore target is reached through a symbolic link");
}

/** `free`: nothing there, or an empty directory, which a rename replaces. Throws RESTORE_TARGET_INVALID when it may not be restored to. */
export async function checkTarget(target: string, overwrite: boolean): Promise<"free" | "in-use"> {
  if (!path.isAbsolute(target) || path.normalize(target) !== target || target.endsWith(path.sep)) {
    throw targetInvalid("the restore target is not an absolute, normalised path");
  }
  await checkParent(target);
  const found = await targetIo(orNull(lstat(target)));
  if (found === null) return "free";
  if (!found.isDirectory()) throw targetInvalid("the restore target exists and is not a directory");
  if ((await targetIo(readdir(target))).length === 0) return "free";
  if (!overwrite) throw targetInvalid("the restore target exists and is not empty");
  return "in-use";
}
