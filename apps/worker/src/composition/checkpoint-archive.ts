import type { CheckpointArchive } from "@ekm/ekm";
import { ObjectExistsError, type ObjectStore } from "@ekm/vault";

/** More than the largest round: what is longer is not ours. */
const MAX_BYTES = 1024 * 1024;

/** Checkpoints as objects, which are never replaced. */
export const checkpointArchive = (objects: Pick<ObjectStore, "put" | "get">): CheckpointArchive => ({
  async add(name, document) {
    const bytes = Buffer.from(document, "utf8");
    try {
      await objects.put(name, only(bytes));
      return "added";
    } catch (error) {
      if (!(error instanceof ObjectExistsError)) throw error;
    }
    const there = await objects.get(name);
    return there !== null && bytes.equals(await read(there)) ? "present" : "other";
  },
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_BYTES) break;
    read.push(chunk);
  }
  return Buffer.concat(read);
}
