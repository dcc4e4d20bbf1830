import { lstat, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import type { RootsOutcome, RootsRejection } from "./allowed-roots.js";
import type { AccountRoot } from "./root-pattern.js";
import { isPlainAbsolute, locate, partsBelow } from "./within.js";

/** As many as Linux follows. */
const MAX_LINKS = 40;

const refuse = (code: RootsRejection["code"], message: string): RootsOutcome => ({ ok: false, error: { code, message } });
const outside = refuse("INPUT_INVALID", "the location does not lie under one of the allowed roots");

/** The real path of an existing directory below a root. */
export async function resolveSource(roots: readonly AccountRoot[], location: string): Promise<RootsOutcome> {
  if (!isPlainAbsolute(location)) return refuse("INPUT_INVALID", "the location is not an absolute, normalised path");
  try {
    const found = await follow(roots, location);
    if (found === null) return outside;
    if (!(await lstat(found)).isDirectory()) return refuse("SOURCE_UNAVAILABLE", "the location is not a directory");
    return { ok: true, value: found };
  } catch {
    return refuse("SOURCE_UNAVAILABLE", "the location does not exist or may not be read");
  }
}

/**
 * The real path below a root; null when it leads out of the roots, or to a root itself. Goes part by part and never asks the
 * file system about anything outside, for a link to it must answer alike whether something is there or not.
 */
async function follow(roots: readonly AccountRoot[], location: string): Promise<string | null> {
  let place = locate(roots, location);
  for (let links = 0; links <= MAX_LINKS && place !== null; links++) {
    const next = await firstLink(place.root, place.expected);
    if (next === null) {
      const { expected } = place;
      return expected !== place.root && !roots.some(({ real }) => real === expected) && (await realpath(expected)) === expected
        ? expected
        : null;
    }
    place = locate(roots, path.join(path.resolve(path.dirname(next.link), await readlink(next.link)), next.rest));
  }
  return null;
}

/** The first symbolic link on the way from a root, and what comes behind it. Throws for what is not there. */
async function firstLink(root: string, location: string): Promise<{ link: string; rest: string } | null> {
  let at = root;
  for (const part of partsBelow(root, location)) {
    at = path.join(at, part);
    if ((await lstat(at)).isSymbolicLink()) return { link: at, rest: path.relative(at, location) };
  }
  return null;
}
