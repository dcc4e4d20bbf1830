import { createHash } from "node:crypto";
import type { ManifestEntry } from "./manifest.js";

/**
 * SHA-256, hex, over the canonical listing of a tree, so that equal trees give equal digests whenever and however they were
 * backed up: the line `ekm:content:v1`, then for each entry in byte order of the paths the JSON array
 * `["d",path]` or `["f",path,size,sha256,executable]` (executable: the owner's bit, 0 or 1), each line ended by "\n".
 * Other mode bits, times, skipped entries and how files were packed have no part in it.
 */
export function contentDigest(entries: Iterable<ManifestEntry>): string {
  const hash = createHash("sha256").update("ekm:content:v1\n");
  for (const entry of entries) {
    if (entry.type === "directory") hash.update(`${JSON.stringify(["d", entry.path])}\n`);
    if (entry.type === "file") {
      hash.update(`${JSON.stringify(["f", entry.path, entry.size, entry.sha256, (entry.mode & 0o100) >> 6])}\n`);
    }
  }
  return hash.digest("hex");
}
