import { MANIFEST_FORMAT, MANIFEST_VERSION, type Manifest, type ManifestEntry } from "./manifest.js";

const BATCH_CHARACTERS = 64 * 1024;

/** The bytes of a manifest (see manifest.ts), in pieces of about 64 KiB. */
export async function* encodeManifest(manifest: Manifest): AsyncGenerator<Uint8Array> {
  let batch = "";
  for (const line of linesOf(manifest)) {
    batch += `${JSON.stringify(line)}\n`;
    if (batch.length < BATCH_CHARACTERS) continue;
    yield Buffer.from(batch);
    batch = "";
  }
  if (batch !== "") yield Buffer.from(batch);
}

function* linesOf({ header, objects, entries, contentDigest }: Manifest): Generator<object> {
  const { accountId, backupId, attempt, generation, kind, root } = header;
  const { mode, mtimeMs } = root;
  yield {
    ...{ format: MANIFEST_FORMAT, version: MANIFEST_VERSION, accountId, backupId, attempt, generation, kind },
    root: { mode, mtimeMs },
  };
  for (const { number, bytes, sealedBytes } of objects) yield { object: number, bytes, sealedBytes };
  for (const entry of entries) yield lineOf(entry);
  const files = entries.filter((entry) => entry.type === "file");
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  yield { objects: objects.length, entries: entries.length, files: files.length, bytes, contentDigest };
}

function lineOf(entry: ManifestEntry): object {
  switch (entry.type) {
    case "directory":
      return { directory: entry.path, mode: entry.mode, mtimeMs: entry.mtimeMs };
    case "file": {
      const { path, mode, mtimeMs, size, sha256, object, offset } = entry;
      return { file: path, mode, mtimeMs, size, sha256, object, offset };
    }
    case "skipped":
      return { skipped: entry.path, reason: entry.reason };
  }
}
