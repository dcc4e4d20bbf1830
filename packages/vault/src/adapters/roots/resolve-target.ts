import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { parseBesideTarget } from "../directory-target/staging-names.js";
import { orNull } from "../errno.js";
import type { RootsOutcome } from "./allowed-roots.js";
import { isPlainAbsolute, locate, realRoots } from "./within.js";

const refuse = (message: string): RootsOutcome => ({ ok: false, error: { code: "RESTORE_TARGET_INVALID", message } });

/** A directory below a root that may be made, or replaced: its parent exists and no link below the root leads to it. */
export async function resolveTarget(roots: readonly string[], target: string, overwrite: boolean): Promise<RootsOutcome> {
  if (!isPlainAbsolute(target)) return refuse("the target is not an absolute, normalised path");
  const real = await realRoots(roots);
  const place = locate(real, target);
  if (place === null || real.some(({ real: root }) => root === place.expected)) {
    return refuse("the target does not lie under one of the allowed roots");
  }
  if (parseBesideTarget(place.expected) !== null) return refuse("the target's name is kept for running restores");
  try {
    const parent = path.dirname(place.expected);
    if ((await realpath(parent)) !== parent) return refuse("the target is reached through a symbolic link");
    const found = await orNull(lstat(place.expected));
    if (found === null) return { ok: true, value: place.expected };
    if (!found.isDirectory()) return refuse("the target exists and is not a directory");
    if (!overwrite && (await readdir(place.expected)).length > 0) return refuse("the target exists and is not empty");
    return { ok: true, value: place.expected };
  } catch {
    return refuse("the target's parent directory does not exist or may not be read");
  }
}
