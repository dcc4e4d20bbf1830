import type { FileHandle } from "node:fs/promises";

/** Chunks are gathered up to this size, since a call to the system per small piece would cost more than the piece. */
const BATCH = 1024 * 1024;

export interface BatchWriter {
  /** Takes the chunk over. Resolves at once, or after the batch before the one that this chunk completes has been written. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves when all has been written. */
  flush(): Promise<void>;
  /** Resolves when no write is running; never rejects. To be awaited before the handle is closed. */
  settled(): Promise<void>;
}

/**
 * Writes at the handle's position, one batch behind the producer. `around` is run around each batch's write and is told its
 * bytes: it may map the error, or ask something first.
 */
export function createBatchWriter(
  handle: FileHandle,
  around: (bytes: number, write: () => Promise<void>) => Promise<void>,
): BatchWriter {
  let batch: Uint8Array[] = [];
  let gathered = 0;
  let running: Promise<void> = Promise.resolve();
  const startBatch = async (): Promise<void> => {
    await running;
    const chunks = batch;
    running = around(gathered, () => writeAll(handle, chunks));
    running.catch(() => {}); // seen at the next write or flush
    batch = [];
    gathered = 0;
  };
  return {
    async write(chunk) {
      batch.push(chunk);
      gathered += chunk.length;
      if (gathered >= BATCH) await startBatch();
    },
    async flush() {
      if (gathered > 0) await startBatch();
      await running;
    },
    settled: () => running.catch(() => {}),
  };
}

/** Writes all of the chunks; a short write is continued. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let rest = chunks.filter((chunk) => chunk.length > 0);
  while (rest.length > 0) {
    let { bytesWritten } = await handle.writev(rest.slice(0, 1024));
    let whole = 0;
    for (let next = rest[0]; next !== undefined && bytesWritten >= next.length; next = rest[whole]) {
      bytesWritten -= next.length;
      whole++;
    }
    rest = rest.slice(whole);
    const [partial, ...others] = rest;
    if (partial !== undefined && bytesWritten > 0) rest = [partial.subarray(bytesWritten), ...others];
  }
}
