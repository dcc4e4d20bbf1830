const MAX_PATH_BYTES = 4096;
const MAX_PART_BYTES = 255;

/**
 * Whether a path may name an entry: relative, `/`-separated, normalised (no empty part, no `.`, no `..`), no NUL, valid
 * Unicode, within the usual limits of POSIX (255 bytes a part, 4096 in all). Anything else could escape a restore's target.
 */
export function isEntryPath(path: string): boolean {
  if (path.includes("\0") || Buffer.byteLength(path) > MAX_PATH_BYTES) return false;
  if (Buffer.from(path, "utf8").toString("utf8") !== path) return false;
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= MAX_PART_BYTES);
}

/** The directory that an entry lies in; empty for the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
