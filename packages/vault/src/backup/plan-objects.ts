import { VaultError } from "../faults/vault-error.js";
import {
  type DirectoryEntry,
  type FileEntry,
  MAX_ENTRIES,
  type ManifestEntry,
  OWN_OBJECT_FROM,
  SHARED_OBJECT_BYTES,
  SHARED_OBJECT_FILES,
  type SkippedEntry,
} from "../manifest/manifest.js";
import type { SourceEntry } from "../sources/directory/walk-directory.js";

/** A file's place in the manifest, taken when the walk meets it and filled in when it has been sealed. */
export interface PlannedFile {
  readonly type: "file";
  readonly path: string;
  /** As the walk saw it. */
  readonly size: number;
  sealed?: Omit<FileEntry, "type" | "path">;
}
export type PlannedEntry = DirectoryEntry | SkippedEntry | PlannedFile;

export interface ObjectPlan {
  readonly number: number;
  readonly files: readonly PlannedFile[];
  readonly bytes: number;
  /** The files are small enough to be read whole. */
  readonly shared: boolean;
}

/**
 * Puts the files of a walk into objects (manifest.ts has the rule) as it goes and appends every entry to `entries`: a hundred
 * thousand small files must not become as many flushed objects. `nextNumber` names the objects.
 */
export async function* planObjects(
  walk: AsyncIterable<SourceEntry>,
  entries: PlannedEntry[],
  nextNumber: () => number,
): AsyncGenerator<ObjectPlan> {
  let files: PlannedFile[] = [];
  let bytes = 0;
  const shared = (): ObjectPlan => {
    const plan = { number: nextNumber(), files, bytes, shared: true };
    files = [];
    bytes = 0;
    return plan;
  };
  for await (const entry of walk) {
    if (entries.length >= MAX_ENTRIES)
      throw new VaultError("SOURCE_UNAVAILABLE", `the source holds more than ${MAX_ENTRIES} entries`);
    const planned: PlannedEntry = entry.type === "file" ? { ...entry } : entry;
    entries.push(planned);
    if (planned.type !== "file") continue;
    if (planned.size >= OWN_OBJECT_FROM) {
      yield { number: nextNumber(), files: [planned], bytes: planned.size, shared: false };
      continue;
    }
    if (bytes + planned.size > SHARED_OBJECT_BYTES || files.length >= SHARED_OBJECT_FILES) yield shared();
    files.push(planned);
    bytes += planned.size;
  }
  if (files.length > 0) yield shared();
}

/** The entries as the manifest lists them, once all objects are sealed. */
export function sealedEntries(entries: readonly PlannedEntry[]): ManifestEntry[] {
  return entries.map((entry) => {
    if (entry.type !== "file") return entry;
    if (entry.sealed === undefined) throw new Error("a planned file was not sealed");
    return { type: "file", path: entry.path, ...entry.sealed };
  });
}
