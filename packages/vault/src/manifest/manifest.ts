/**
 * The manifest of one backup, format version 2: what was backed up and which objects hold it.
 *
 * It is the plaintext of a sealed message of its own, stored as `<accountId>/<backupId>/<attempt>/manifest`. UTF-8 text, one JSON
 * value a line, each line ended by "\n" and at most 64 KiB long, keys in the order shown, no white space between tokens:
 *
 *     {"format":"ekm-manifest","version":2,"accountId":"…","backupId":"…","attempt":"…","generation":1,"kind":"DIRECTORY",
 *      "root":{"mode":493,"mtimeMs":1700000000000}}                                       (one line)
 *     {"object":0,"bytes":123,"sealedBytes":456}                                          one per data object, numbers ascending
 *     {"directory":"a","mode":493,"mtimeMs":1700000000000}                                entries, in byte order of their paths
 *     {"file":"a/b.csv","mode":420,"mtimeMs":1700000000000,"size":123,"sha256":"…","object":0,"offset":0}
 *     {"skipped":"a/link","reason":"symlink"}
 *     {"objects":1,"entries":3,"files":1,"bytes":123,"contentDigest":"…"}                 the last line
 *
 * - Object `n` is stored as `<accountId>/<backupId>/<attempt>/<n, at least 6 digits>`. `bytes` counts its plaintext,
 *   `sealedBytes` what is stored. Every frame of it is authenticated, and every file in it has a digest of its own.
 * - Every object's plaintext is the concatenation of the files that name it, in the order of the list: each `offset` is the sum
 *   of the sizes before it, and the sum of all is `bytes`. Files of at least 1 MiB have an object of their own; smaller ones
 *   share objects of at most 8 MiB.
 * - Paths are relative, `/`-separated and normalised; every parent is listed, as a directory, before what lies in it. No path repeats.
 * - `mode` has the nine permission bits; `mtimeMs` is milliseconds since 1970 UTC. Owners, links, extended attributes are not kept.
 * - `contentDigest`: see content-digest.ts. Skipped entries are not part of it.
 */
export const MANIFEST_FORMAT = "ekm-manifest";
export const MANIFEST_VERSION = 2;

/** Version 1 also stated, for each object, the SHA-256 of what is stored: `"sha256":"…"` after `sealedBytes`. It is still read. */
export type ManifestVersion = 1 | 2;
export const isReadableVersion = (version: number): version is ManifestVersion => version === 1 || version === 2;

/** Bounds of what is written and of what a reader accepts. */
export const MAX_LINE_BYTES = 64 * 1024;
export const MAX_ENTRIES = 1_000_000;

/** Files of at least this size get an object of their own. */
export const OWN_OBJECT_FROM = 1024 * 1024;
/** Most plaintext bytes, and most files, of an object that small files share. */
export const SHARED_OBJECT_BYTES = 8 * 1024 * 1024;
export const SHARED_OBJECT_FILES = 4096;

export type SkipReason = "symlink" | "not-a-regular-file" | "name-not-utf8";
export type SourceKind = "DIRECTORY" | "SALESFORCE_EXPORT";

export interface ManifestHeader {
  readonly accountId: string;
  readonly backupId: string;
  readonly attempt: string;
  readonly generation: number;
  readonly kind: SourceKind;
  readonly root: { readonly mode: number; readonly mtimeMs: number };
}

export interface ManifestObject {
  readonly number: number;
  readonly bytes: number;
  readonly sealedBytes: number;
  /** Of the stored object, hex. Version 1 only. */
  readonly sha256?: string;
}

export interface DirectoryEntry {
  readonly type: "directory";
  readonly path: string;
  readonly mode: number;
  readonly mtimeMs: number;
}

export interface FileEntry {
  readonly type: "file";
  readonly path: string;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly size: number;
  /** Of the content, hex. */
  readonly sha256: string;
  readonly object: number;
  readonly offset: number;
}

export interface SkippedEntry {
  readonly type: "skipped";
  readonly path: string;
  readonly reason: SkipReason;
}

export type ManifestEntry = DirectoryEntry | FileEntry | SkippedEntry;

export interface Manifest {
  readonly header: ManifestHeader;
  readonly objects: readonly ManifestObject[];
  readonly entries: readonly ManifestEntry[];
  readonly contentDigest: string;
}
