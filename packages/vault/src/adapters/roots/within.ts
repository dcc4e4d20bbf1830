import path from "node:path";
import { type AccountRoot, accountRoot, type RootPattern } from "./root-pattern.js";

const MAX_PATH_BYTES = 4096;

/** Absolute, already normalised, within the system's limits: what is compared is what is opened. */
export const isPlainAbsolute = (location: string): boolean =>
  path.isAbsolute(location) &&
  path.resolve(location) === location &&
  !location.includes("\0") &&
  Buffer.byteLength(location) <= MAX_PATH_BYTES;

/** Whether `location` lies below `root` (or is it). Text only; both absolute. */
export function isWithin(root: string, location: string): boolean {
  const relative = path.relative(root, location);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The roots of an account that are there now; one that is not allows nothing. */
export async function rootsOf(patterns: readonly RootPattern[], accountId: string): Promise<readonly AccountRoot[]> {
  const found = await Promise.all(patterns.map((pattern) => accountRoot(pattern, accountId)));
  return found.filter((root) => root !== null);
}

/** The root that a path lies below (or is), as given or by its real path, and the path below the real one. Text only. */
export function locate(
  roots: readonly AccountRoot[],
  location: string,
): { readonly root: string; readonly expected: string } | null {
  for (const { given, real } of roots) {
    for (const form of [given, real]) {
      if (isWithin(form, location)) return { root: real, expected: path.join(real, path.relative(form, location)) };
    }
  }
  return null;
}

/** The parts of a path below a root; none for the root itself. */
export const partsBelow = (root: string, location: string): readonly string[] =>
  path.relative(root, location).split(path.sep).filter(Boolean);
