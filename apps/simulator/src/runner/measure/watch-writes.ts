import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What was written to directories of the harness's own, seen from outside. */
export interface WriteWatch {
  /** Growth of files since the watch began. */
  readonly bytes: number;
  /** When a file last grew, in milliseconds since 1970; undefined: none did. Exact to {@link WATCH_MS}. */
  readonly lastWriteAt: number | undefined;
  stop(): void;
}

export const WATCH_MS = 20;

/**
 * Looks every 20 ms at all files below `roots()`. The time of a write is the file's change time where it grew: modification
 * times are no evidence, for a restore sets them. Files are known by their inode, so a rename or a second link is no write.
 */
export function watchWrites(roots: () => readonly string[]): WriteWatch {
  const sizes = new Map<number, number>();
  let bytes = 0;
  let lastWriteAt: number | undefined;
  const look = (count: boolean): void => {
    for (const file of roots().flatMap(filesBelow)) {
      const found = lstatSync(file, { throwIfNoEntry: false });
      if (!found?.isFile()) continue;
      const known = sizes.get(found.ino) ?? 0;
      sizes.set(found.ino, found.size);
      if (!count || found.size === known || found.size === 0) continue;
      bytes += found.size > known ? found.size - known : found.size;
      lastWriteAt = Math.max(lastWriteAt ?? 0, Math.min(Date.now(), found.ctimeMs));
    }
  };
  look(false);
  const timer = setInterval(() => look(true), WATCH_MS);
  return {
    get bytes() {
      return bytes;
    },
    get lastWriteAt() {
      return lastWriteAt;
    },
    stop() {
      clearInterval(timer);
      look(true);
    },
  };
}

/** The target of a restore, and where it is staged: beside it, under its name with an ending. */
export function restoreRoots(parent: string, name: string): () => readonly string[] {
  return () =>
    entriesOf(parent)
      .filter((entry) => entry.isDirectory() && (entry.name === name || entry.name.startsWith(`${name}.ekm-staging-`)))
      .map((entry) => join(parent, entry.name));
}

function filesBelow(directory: string): readonly string[] {
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** What vanishes while we look has nothing. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}
