import { randomUUID } from "node:crypto";
import { access, type FileHandle, link, mkdir, open, unlink } from "node:fs/promises";
import path from "node:path";
import { assertObjectName } from "../../ports/object-name.js";
import { ObjectExistsError, type StoredObject } from "../../ports/object-store.js";
import { createBatchWriter } from "../batch-writer.js";
import { errnoOf, orNull } from "../errno.js";
import { syncPath } from "../sync-path.js";
import { storageIo } from "./storage-io.js";

/** Below the store's root, hence in the same file system. No object name can reach it: parts never start with a dot. */
export const TEMPORARY = ".tmp";

/** Writes under a temporary name and links the final name to it: unlike a rename, a link never replaces. */
export async function putObject(
  root: string,
  name: string,
  body: AsyncIterable<Uint8Array>,
  flush: "now" | "later" = "now",
): Promise<StoredObject> {
  assertObjectName(name);
  const final = path.join(root, name);
  if ((await storageIo("put", orNull(access(final).then(() => true)))) !== null) throw taken(name);
  await storageIo("put", makeDirectory(path.join(root, TEMPORARY)));
  const temporary = path.join(root, TEMPORARY, randomUUID());
  const handle = await storageIo("put", open(temporary, "wx", 0o600));
  try {
    const stored = await writeBody(handle, body, flush);
    await storageIo("put", publish(temporary, final));
    if (flush === "now") await storageIo("put", syncPath(path.dirname(final)));
    return stored;
  } finally {
    await unlink(temporary).catch(() => {}); // what stays is swept at the next start
  }
}

async function writeBody(handle: FileHandle, body: AsyncIterable<Uint8Array>, flush: "now" | "later"): Promise<StoredObject> {
  let bytes = 0;
  const writer = createBatchWriter(handle, (_bytes, write) => storageIo("put", write()));
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      await writer.write(chunk);
    }
    await writer.flush();
    if (flush === "now") await storageIo("put", handle.sync());
  } finally {
    await writer.settled();
    await handle.close();
  }
  return { bytes };
}

async function publish(temporary: string, final: string): Promise<void> {
  await makeDirectory(path.dirname(final));
  try {
    await link(temporary, final);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") throw taken(path.basename(final));
    throw error;
  }
}

/** Makes a directory with its parents and flushes the entries of those that are new. */
async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = path.dirname(made)) await syncPath(path.dirname(made));
}

const taken = (name: string): ObjectExistsError => new ObjectExistsError(`an object named ${name} exists`);
