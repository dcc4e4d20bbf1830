import type { BigIntStats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { inPathOrder } from "../../format/path-order.js";
import { isEntryPath } from "../../manifest/entry-path.js";
import type { SkipReason } from "../../manifest/manifest.js";
import { mapAhead } from "../../streams/map-ahead.js";
import { assertInside } from "./assert-inside.js";
import { sourceIo, sourceUnavailable } from "./source-error.js";

/** Look-ups of one directory's children that run at a time. */
const LOOK_UPS = 32;

export type SourceEntry =
  | { readonly type: "directory"; readonly path: string; readonly mode: number; readonly mtimeMs: number }
  | { readonly type: "file"; readonly path: string; readonly size: number }
  /** Recorded, not backed up: following a link could leave the tree, and sockets, pipes and devices have no content to keep. */
  | { readonly type: "skipped"; readonly path: string; readonly reason: SkipReason };

/**
 * Everything below `root`, in byte order of the relative paths (`/` separators), the root itself not included. Symbolic links
 * are never followed. Throws VaultError(SOURCE_UNAVAILABLE) for what vanishes, may not be read, or leads out of the root.
 */
export async function* walkDirectory(root: string, relative = ""): AsyncGenerator<SourceEntry> {
  const directory = path.join(root, relative);
  await sourceIo(relative, assertInside(root, relative));
  const children: { name: string; isDirectory: boolean; entry: SourceEntry }[] = [];
  const names = await sourceIo(relative, readdir(directory, { encoding: "buffer" }));
  for await (const child of mapAhead(names, LOOK_UPS, (name) => lookUp(root, relative, name))) children.push(child);
  for (const { child, descend } of inPathOrder(children)) {
    if (descend) yield* walkDirectory(root, child.entry.path);
    else yield child.entry;
  }
}

async function lookUp(
  root: string,
  relative: string,
  name: Buffer,
): Promise<{ name: string; isDirectory: boolean; entry: SourceEntry }> {
  const exact = name.toString("utf8");
  // A manifest's paths are Unicode text: a name that is not cannot be given back, so it is reported instead of altered.
  const isText = Buffer.from(exact, "utf8").equals(name);
  const text = isText ? exact : [...exact].slice(0, 60).join("");
  const at = relative === "" ? text : `${relative}/${text}`;
  const child = (entry: SourceEntry): { name: string; isDirectory: boolean; entry: SourceEntry } => ({
    name: text,
    isDirectory: entry.type === "directory",
    entry,
  });
  if (!isEntryPath(at))
    throw sourceUnavailable(`a path in the source is longer than can be stored: ${JSON.stringify(at.slice(0, 80))}...`);
  if (!isText) return child({ type: "skipped", path: at, reason: "name-not-utf8" });
  const stat = await sourceIo(at, lstat(path.join(root, at), { bigint: true }));
  if (stat.isDirectory()) return child({ type: "directory", path: at, mode: permissionsOf(stat), mtimeMs: Number(stat.mtimeMs) });
  if (stat.isFile()) return child({ type: "file", path: at, size: Number(stat.size) });
  return child({ type: "skipped", path: at, reason: stat.isSymbolicLink() ? "symlink" : "not-a-regular-file" });
}

/** Read, write and execute bits; set-id and sticky bits are not backed up. */
export const permissionsOf = (stat: BigIntStats): number => Number(stat.mode & 0o777n);
