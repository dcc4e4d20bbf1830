import { corrupt } from "../faults/vault-error.js";
import { compareBytes } from "../format/path-order.js";
import { contentDigest } from "./content-digest.js";
import { parentOf } from "./entry-path.js";
import { linesIn } from "./lines.js";
import { MAX_ENTRIES, type Manifest, type ManifestEntry, type ManifestObject, type ManifestVersion } from "./manifest.js";
import { type ManifestEnd, parseHeader, parseLine } from "./parse-line.js";

/**
 * Reads a manifest (manifest.ts has the format) and holds it to every rule there: a manifest that is accepted names no path
 * outside a target, no path twice, and files that fill their objects exactly. Throws VaultError(BACKUP_CORRUPT), and whatever
 * `plaintext` throws.
 */
export async function decodeManifest(plaintext: AsyncIterable<Uint8Array>, version: ManifestVersion): Promise<Manifest> {
  const lines = linesIn(plaintext);
  try {
    const first = await lines.next();
    if (first.done) throw corrupt("the manifest is empty");
    const header = parseHeader(first.value, version);
    const objects = new ObjectList();
    const entries = new EntryList();
    let end: ManifestEnd | undefined;
    for await (const text of lines) {
      if (end !== undefined) throw corrupt("the manifest goes on after its end");
      const line = parseLine(text, version);
      if (line.type === "end") end = line;
      else if (line.type !== "object") entries.add(line, objects);
      else if (entries.all.length === 0) objects.add(line.object);
      else throw corrupt("the manifest lists an object after its entries");
    }
    if (end === undefined) throw corrupt("the manifest has no end");
    objects.requireFilled();
    const { files, bytes } = entries;
    if (end.objects !== objects.all.length || end.entries !== entries.all.length || end.files !== files || end.bytes !== bytes) {
      throw corrupt("the manifest does not list what it counts");
    }
    if (contentDigest(entries.all) !== end.contentDigest)
      throw corrupt("the manifest's list does not have the content digest that it states");
    return { header, objects: objects.all, entries: entries.all, contentDigest: end.contentDigest };
  } finally {
    await lines.return(undefined);
  }
}

class ObjectList {
  readonly all: ManifestObject[] = [];
  readonly #filled = new Map<number, number>();

  add(object: ManifestObject): void {
    const { number } = object;
    const last = this.all.at(-1);
    if (last !== undefined && last.number >= number) throw corrupt("the manifest's objects are out of order");
    if (this.all.length >= MAX_ENTRIES) throw corrupt("the manifest lists too many objects");
    this.all.push(object);
    this.#filled.set(number, 0);
  }

  place(object: number, offset: number, size: number): void {
    if (this.#filled.get(object) !== offset) throw corrupt("the manifest's files do not follow one another in their objects");
    this.#filled.set(object, offset + size);
  }

  requireFilled(): void {
    if (!this.all.every(({ number, bytes }) => this.#filled.get(number) === bytes))
      throw corrupt("the manifest's files do not fill its objects");
  }
}

class EntryList {
  readonly all: ManifestEntry[] = [];
  files = 0;
  bytes = 0;
  readonly #directories = new Set([""]);
  #lastKept = "";

  add(entry: ManifestEntry, objects: ObjectList): void {
    if (this.all.length >= MAX_ENTRIES) throw corrupt("the manifest lists too many entries");
    const last = this.all.at(-1);
    if (last !== undefined && compareBytes(last.path, entry.path) > 0) throw corrupt("the manifest's entries are out of order");
    if (!this.#directories.has(parentOf(entry.path))) throw corrupt("the manifest lists an entry without its directory");
    // A skipped name that is not Unicode is only approximated, so it may look like another one; what is kept never repeats.
    if (entry.type !== "skipped") {
      if (entry.path === this.#lastKept) throw corrupt("the manifest lists a path twice");
      this.#lastKept = entry.path;
    }
    if (entry.type === "directory") this.#directories.add(entry.path);
    if (entry.type === "file") {
      objects.place(entry.object, entry.offset, entry.size);
      this.files++;
      this.bytes += entry.size;
    }
    this.all.push(entry);
  }
}
