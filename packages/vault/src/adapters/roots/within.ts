import { realpath } from "node:fs/promises";
import path from "node:path";

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

/** The roots with their real paths; a root that is not there now allows nothing. */
export async function realRoots(roots: readonly string[]): Promise<{ given: string; real: string }[]> {
  const resolved = await Promise.all(roots.map(async (given) => ({ given, real: await realpath(given).catch(() => null) })));
  return resolved.flatMap(({ given, real }) => (real === null ? [] : [{ given, real }]));
}

/** The root that a path lies strictly below, as given or by its real path, and the path below the real one. */
export function locate(
  roots: readonly { readonly given: string; readonly real: string }[],
  location: string,
): { readonly root: string; readonly expected: string } | null {
  for (const { given, real } of roots) {
    for (const form of [given, real]) {
      if (location !== form && isWithin(form, location))
        return { root: real, expected: path.join(real, path.relative(form, location)) };
    }
  }
  return null;
}
