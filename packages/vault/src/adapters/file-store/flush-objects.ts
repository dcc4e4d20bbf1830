import path from "node:path";
import { assertObjectName } from "../../ports/object-name.js";
import { mapAhead } from "../../streams/map-ahead.js";
import { findFlushFileSystem } from "../flush-file-system.js";
import { syncPath } from "../sync-path.js";
import { storageIo } from "./storage-io.js";

/** Files that are flushed at a time. */
const FLUSHES = 8;

/**
 * The file system as a whole first, where that can be had; then each file, which has little left to do but to answer for its own
 * writes: an error of a write behind our back is told to whoever flushes that file, not surely to whoever flushes everything.
 */
export async function flushObjects(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) assertObjectName(name);
  if (names.length > 1) await (await findFlushFileSystem())?.(root);
  const flush = (at: string) => storageIo("flush", syncPath(path.join(root, at)));
  for await (const _ of mapAhead(names, FLUSHES, flush));
  const directories = new Set(names.map((name) => path.dirname(path.join(root, name))));
  for (const directory of directories) await storageIo("flush", syncPath(directory));
}
