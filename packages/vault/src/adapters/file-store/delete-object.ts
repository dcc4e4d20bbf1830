import { unlink } from "node:fs/promises";
import path from "node:path";
import { assertObjectName } from "../../ports/object-name.js";
import { orNull } from "../errno.js";
import { syncPath } from "../sync-path.js";
import { storageIo } from "./storage-io.js";

/** Flushed, so that what was deleted does not come back after a loss of power. */
export async function deleteObject(root: string, name: string): Promise<void> {
  assertObjectName(name);
  const file = path.join(root, name);
  const removed = await storageIo("delete", orNull(unlink(file).then(() => true)));
  if (removed) await storageIo("delete", syncPath(path.dirname(file)));
}
