import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { parseBesideTarget } from "../directory-target/staging-names.js";
import { orNull } from "../errno.js";
import type { RootsOutcome } from "./allowed-roots.js";
import type { AccountRoot } from "./root-pattern.js";
import { isPlainAbsolute, locate, partsBelow } from "./within.js";

const refuse = (message: string): RootsOutcome => ({ ok: false, error: { code: "RESTORE_TARGET_INVALID", message } });

/** A directory below a root that may be made, or replaced: its parent exists and no link below the root leads to it. */
export async function resolveTarget(roots: readonly AccountRoot[], target: string, overwrite: boolean): Promise<RootsOutcome> {
  if (!isPlainAbsolute(target)) return refuse("the target is not an absolute, normalised path");
  const place = locate(roots, target);
  if (place === null || roots.some(({ real }) => real === place.expected)) {
    return refuse("the target does not lie under one of the allowed roots");
  }
  if (parseBesideTarget(place.expected) !== null) return refuse("the target's name is kept for running restores");
  try {
    if (await leadsOverLink(place.root, path.dirname(place.expected))) {
      return refuse("the target is reached through a symbolic link");
    }
    const found = await orNull(lstat(place.expected));
    if (found === null) return { ok: true, value: place.expected };
    if (!found.isDirectory()) return refuse("the target exists and is not a directory");
    if (!overwrite && (await readdir(place.expected)).length > 0) return refuse("the target exists and is not empty");
    return { ok: true, value: place.expected };
  } catch {
    return refuse("the target's parent directory does not exist or may not be read");
  }
}

/** Stops at the first link: where it leads, and whether something is there, is nobody's business. Throws for what is missing. */
async function leadsOverLink(root: string, directory: string): Promise<boolean> {
  let at = root;
  for (const part of partsBelow(root, directory)) {
    at = path.join(at, part);
    const found = await lstat(at);
    if (found.isSymbolicLink()) return true;
    if (!found.isDirectory()) throw new Error("not a directory");
  }
  return false;
}
