import { readdir } from "node:fs/promises";
import path from "node:path";
import { inPathOrder } from "../../format/path-order.js";
import { assertObjectPrefix, isObjectNamePart } from "../../ports/object-name.js";
import { orNull } from "../errno.js";
import { storageIo } from "./storage-io.js";

export async function* listObjects(root: string, prefix: string): AsyncGenerator<string> {
  assertObjectPrefix(prefix);
  yield* below(root, prefix);
}

async function* below(root: string, prefix: string): AsyncGenerator<string> {
  const entries = await storageIo("list", orNull(readdir(path.join(root, prefix), { withFileTypes: true })));
  const named = (entries ?? []).filter((entry) => isObjectNamePart(entry.name));
  for (const { child, descend } of inPathOrder(named.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })))) {
    if (descend) yield* below(root, `${prefix}${child.name}/`);
    else if (!child.isDirectory) yield prefix + child.name;
  }
}
