import path from "node:path";
import type { ObjectStore } from "../../ports/object-store.js";
import { deleteObject } from "./delete-object.js";
import { flushObjects } from "./flush-objects.js";
import { getObject } from "./get-object.js";
import { listObjects } from "./list-objects.js";
import { putObject } from "./put-object.js";
import { sweep } from "./sweep.js";

export interface FileObjectStore extends ObjectStore {
  /** To be called at start-up: see {@link sweep}. */
  sweep(olderThanMs?: number): Promise<number>;
}

/** Objects as files below `root` (made when missing) on a POSIX file system that has hard links. Many processes may share it. */
export function createFileObjectStore(root: string): FileObjectStore {
  const base = path.resolve(root);
  return {
    put: (name, body, flush) => putObject(base, name, body, flush),
    flush: (names) => flushObjects(base, names),
    get: (name) => getObject(base, name),
    delete: (name) => deleteObject(base, name),
    list: (prefix) => listObjects(base, prefix),
    sweep: (olderThanMs) => sweep(base, olderThanMs),
  };
}
