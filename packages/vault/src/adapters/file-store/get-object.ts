import { open, stat } from "node:fs/promises";
import path from "node:path";
import { assertObjectName } from "../../ports/object-name.js";
import { orNull } from "../errno.js";
import { readAhead } from "../read-ahead.js";
import { asStorageError, storageIo } from "./storage-io.js";

const CHUNK = 256 * 1024;

/** The file is opened when the stream is first read, so that a stream nobody reads holds nothing. */
export async function getObject(root: string, name: string): Promise<AsyncIterable<Uint8Array> | null> {
  assertObjectName(name);
  const file = path.join(root, name);
  const found = await storageIo("get", orNull(stat(file)));
  return found?.isFile() ? chunksOf(file) : null;
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await storageIo("get", open(file, "r"));
  try {
    const chunks = readAhead(handle, () => Buffer.allocUnsafeSlow(CHUNK));
    for (;;) {
      const next = await storageIo("get", chunks.next());
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw asStorageError(error, "get");
  } finally {
    await handle.close();
  }
}
