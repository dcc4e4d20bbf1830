import type { FileHandle } from "node:fs/promises";

/**
 * The rest of a file in chunks, one read ahead of the consumer. `nextBuffer` gives the buffer that a chunk is read into. Does
 * not close the handle, but leaves no read running on it.
 */
export async function* readAhead(handle: FileHandle, nextBuffer: () => Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  const read = async (): Promise<Uint8Array> => {
    const buffer = nextBuffer();
    return buffer.subarray(0, (await handle.read(buffer, 0, buffer.length, null)).bytesRead);
  };
  let ahead = read();
  try {
    for (;;) {
      const chunk = await ahead;
      if (chunk.length === 0) return;
      ahead = read();
      ahead.catch(() => {});
      yield chunk;
    }
  } finally {
    await ahead.catch(() => {});
  }
}
