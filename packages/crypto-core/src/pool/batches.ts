/** Bytes that a thread is given at a time. */
export const BATCH_LENGTH = 1024 * 1024;
/** Buffers kept for the next streams. */
const KEPT = 16;

/** Shared memory for batches, used again and again: what is fresh costs a page fault per page. */
export class BatchBuffers {
  readonly #free: Uint8Array[] = [];

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_LENGTH));
  }

  /** Overwrites the buffer: it may have held plaintext. */
  give(buffer: Uint8Array): void {
    buffer.fill(0);
    if (this.#free.length < KEPT) this.#free.push(buffer);
  }
}

export interface Batch {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

export interface Batches {
  /** Each is lent until the one after the next is asked for, the last ones until `release`. */
  readonly all: AsyncGenerator<Batch>;
  /** Ends the source, overwrites the buffers and gives them back: nobody may read them any more. */
  release(): Promise<void>;
}

/** Copies a source into batches of `length` bytes, in two buffers that take turns; the last, which may be empty, is shorter. */
export function intoBatches(source: AsyncIterable<Uint8Array>, length: number, buffers: BatchBuffers): Batches {
  const pair: Uint8Array[] = [];
  let turn = 0;
  const next = (): Uint8Array => {
    turn = 1 - turn;
    pair[turn] ??= buffers.take();
    return pair[turn] as Uint8Array;
  };
  async function* fill(): AsyncGenerator<Batch> {
    let buffer = next();
    let filled = 0;
    for await (const chunk of source) {
      for (let offset = 0; offset < chunk.length; ) {
        const part = chunk.subarray(offset, offset + length - filled);
        buffer.set(part, filled);
        offset += part.length;
        filled += part.length;
        if (filled < length) continue;
        yield { bytes: buffer.subarray(0, filled), last: false };
        buffer = next();
        filled = 0;
      }
    }
    yield { bytes: buffer.subarray(0, filled), last: true };
  }
  const all = fill();
  return {
    all,
    async release() {
      await all.return(undefined);
      for (const buffer of pair.splice(0)) if (buffer !== undefined) buffers.give(buffer);
    },
  };
}
