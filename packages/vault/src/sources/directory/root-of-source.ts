import { lstat } from "node:fs/promises";
import { assertInside } from "./assert-inside.js";
import { sourceIo } from "./source-error.js";
import { permissionsOf } from "./walk-directory.js";

/** The root's own attributes. Throws VaultError(SOURCE_UNAVAILABLE) unless `root` is the real path of a directory. */
export async function rootOfSource(root: string): Promise<{ mode: number; mtimeMs: number }> {
  await sourceIo("", assertInside(root, ""));
  const stat = await sourceIo("", lstat(root, { bigint: true }));
  return { mode: permissionsOf(stat), mtimeMs: Number(stat.mtimeMs) };
}
