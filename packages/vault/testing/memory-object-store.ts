import { assertObjectName, assertObjectPrefix } from "../src/ports/object-name.js";
import { ObjectExistsError, type ObjectStore, StorageError } from "../src/ports/object-store.js";
import { collect } from "./collect.js";

/** An ObjectStore in memory, open for tests to look into and to damage. */
export function createMemoryObjectStore(): ObjectStore & { readonly objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const refuseTaken = (name: string): void => {
    if (objects.has(name)) throw new ObjectExistsError(`an object named ${name} exists`);
  };
  return {
    objects,
    async put(name, body) {
      assertObjectName(name);
      refuseTaken(name);
      const bytes = await collect(body);
      refuseTaken(name);
      objects.set(name, bytes);
      return { bytes: bytes.length };
    },
    async flush(names) {
      const missing = names.find((name) => !objects.has(name));
      if (missing !== undefined) throw new StorageError("STORAGE_UNAVAILABLE", `there is no object named ${missing}`);
    },
    async get(name) {
      assertObjectName(name);
      const bytes = objects.get(name);
      return bytes === undefined ? null : chunksOf(bytes);
    },
    async delete(name) {
      assertObjectName(name);
      objects.delete(name);
    },
    async *list(prefix) {
      assertObjectPrefix(prefix);
      yield* [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield Buffer.from(bytes.subarray(at, at + 65_536));
}
