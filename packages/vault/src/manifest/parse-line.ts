import { corrupt } from "../faults/vault-error.js";
import { isObjectNamePart } from "../ports/object-name.js";
import { isEntryPath } from "./entry-path.js";
import {
  type DirectoryEntry,
  type FileEntry,
  MANIFEST_FORMAT,
  type ManifestHeader,
  type ManifestObject,
  type ManifestVersion,
  type SkippedEntry,
} from "./manifest.js";

export interface ManifestEnd {
  readonly type: "end";
  readonly objects: number;
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  readonly contentDigest: string;
}
export type ManifestLine =
  | { readonly type: "object"; readonly object: ManifestObject }
  | DirectoryEntry
  | FileEntry
  | SkippedEntry
  | ManifestEnd;

/** Throws VaultError(BACKUP_CORRUPT) unless the line is the header of a manifest of that version. */
export function parseHeader(line: string, version: ManifestVersion): ManifestHeader {
  const value = parse(line);
  if (value["format"] !== MANIFEST_FORMAT) throw malformed("format");
  if (value["version"] !== version) throw corrupt("the manifest is of another version than was recorded");
  requireKeys(value, ["format", "version", "accountId", "backupId", "attempt", "generation", "kind", "root"]);
  const root = asRecord(value["root"]);
  requireKeys(root, ["mode", "mtimeMs"]);
  return {
    accountId: namePart(value["accountId"]),
    backupId: namePart(value["backupId"]),
    attempt: namePart(value["attempt"]),
    generation: count(value["generation"]),
    kind: oneOf(value["kind"], ["DIRECTORY", "SALESFORCE_EXPORT"]),
    root: { mode: modeOf(root["mode"]), mtimeMs: wholeNumber(root["mtimeMs"]) },
  };
}

/** Any line after the header. Throws VaultError(BACKUP_CORRUPT); what it checks is one line by itself. */
export function parseLine(line: string, version: ManifestVersion): ManifestLine {
  const value = parse(line);
  if ("object" in value && !("file" in value)) {
    requireKeys(value, ["object", "bytes", "sealedBytes", ...(version === 1 ? ["sha256"] : [])]);
    const object = {
      number: count(value["object"]),
      bytes: count(value["bytes"]),
      sealedBytes: count(value["sealedBytes"]),
    };
    return { type: "object", object: version === 1 ? { ...object, sha256: digest(value["sha256"]) } : object };
  }
  if ("directory" in value) {
    requireKeys(value, ["directory", "mode", "mtimeMs"]);
    return {
      type: "directory",
      path: entryPath(value["directory"]),
      mode: modeOf(value["mode"]),
      mtimeMs: wholeNumber(value["mtimeMs"]),
    };
  }
  if ("file" in value) {
    requireKeys(value, ["file", "mode", "mtimeMs", "size", "sha256", "object", "offset"]);
    return {
      type: "file",
      path: entryPath(value["file"]),
      mode: modeOf(value["mode"]),
      mtimeMs: wholeNumber(value["mtimeMs"]),
      size: count(value["size"]),
      sha256: digest(value["sha256"]),
      object: count(value["object"]),
      offset: count(value["offset"]),
    };
  }
  if ("skipped" in value) {
    requireKeys(value, ["skipped", "reason"]);
    const reason = oneOf(value["reason"], ["symlink", "not-a-regular-file", "name-not-utf8"]);
    return { type: "skipped", path: entryPath(value["skipped"]), reason };
  }
  requireKeys(value, ["objects", "entries", "files", "bytes", "contentDigest"]);
  return {
    type: "end",
    objects: count(value["objects"]),
    entries: count(value["entries"]),
    files: count(value["files"]),
    bytes: count(value["bytes"]),
    contentDigest: digest(value["contentDigest"]),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const malformed = (what: string) => corrupt(`the manifest is malformed (${what})`);

function parse(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw malformed("not JSON");
  }
  return asRecord(value);
}

function asRecord(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("not an object");
  return value as Fields;
}

function requireKeys(value: Fields, keys: readonly string[]): void {
  if (Object.keys(value).length !== keys.length || !keys.every((key) => Object.hasOwn(value, key))) throw malformed("keys");
}

function wholeNumber(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw malformed("number");
  return value as number;
}

function count(value: unknown): number {
  const number = wholeNumber(value);
  if (number < 0) throw malformed("number");
  return number;
}

function modeOf(value: unknown): number {
  const mode = count(value);
  if (mode > 0o777) throw malformed("mode");
  return mode;
}

function digest(value: unknown): string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw malformed("digest");
  return value;
}

function namePart(value: unknown): string {
  if (typeof value !== "string" || !isObjectNamePart(value)) throw malformed("name");
  return value;
}

function entryPath(value: unknown): string {
  if (typeof value !== "string" || !isEntryPath(value)) throw malformed("path");
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw malformed("value");
  return found;
}
