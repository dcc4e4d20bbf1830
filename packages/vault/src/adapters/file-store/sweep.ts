import { readdir, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { orNull } from "../errno.js";
import { TEMPORARY } from "./put-object.js";
import { storageIo } from "./storage-io.js";

/** A put that writes touches its file all the time; one that has not for this long has no process any more. */
export const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Removes what puts of processes that died have left, and returns how many. Only files older than `olderThanMs`, since other
 * processes may be writing into the same store; should one of those be slower still, its put fails and shows nothing.
 */
export async function sweep(root: string, olderThanMs: number = ABANDONED_AFTER_MS): Promise<number> {
  const directory = path.join(root, TEMPORARY);
  const latest = Date.now() - olderThanMs;
  let removed = 0;
  for (const name of (await storageIo("sweep", orNull(readdir(directory)))) ?? []) {
    const file = path.join(directory, name);
    const found = await storageIo("sweep", orNull(stat(file)));
    if (found === null || found.mtimeMs > latest) continue;
    await storageIo("sweep", orNull(unlink(file)));
    removed++;
  }
  return removed;
}
