import { realpath, stat } from "node:fs/promises";
import type { RootsOutcome, RootsRejection } from "./allowed-roots.js";
import { isPlainAbsolute, isWithin, locate, realRoots } from "./within.js";

const refuse = (code: RootsRejection["code"], message: string): RootsOutcome => ({ ok: false, error: { code, message } });
const outside = refuse("INPUT_INVALID", "the location does not lie under one of the allowed roots");

/** The real path of an existing directory below a root. */
export async function resolveSource(roots: readonly string[], location: string): Promise<RootsOutcome> {
  if (!isPlainAbsolute(location)) return refuse("INPUT_INVALID", "the location is not an absolute, normalised path");
  const real = await realRoots(roots);
  const place = locate(real, location);
  if (place === null) return outside;
  try {
    const found = await realpath(place.expected);
    if (!real.some(({ real: root }) => found !== root && isWithin(root, found))) return outside;
    if (!(await stat(found)).isDirectory()) return refuse("SOURCE_UNAVAILABLE", "the location is not a directory");
    return { ok: true, value: found };
  } catch {
    return refuse("SOURCE_UNAVAILABLE", "the location does not exist or may not be read");
  }
}
