/** Bytes that a thread is given at a time. */
export const BATCH_LENGTH = 1024 * 1024;
const ZEROS = new Uint8Array(BATCH_LENGTH);
/** Buffers kept for the next streams. */
const KEPT = 16;

/** Shared memory for batches, used again and again: what is fresh costs a page fault per page. */
export class BatchBuffers {
  readonly #free: Uint8Array[] = [];

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_LENGTH));
  }

  /** Overwrites as much of the buffer as was used: it may have held plaintext. */
  give(buffer: Uint8Array, used: number): void {
    buffer.set(ZEROS.subarray(0, used)); // `fill` goes byte by byte where memory is shared, and takes six times as long
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
  const pair: { readonly buffer: Uint8Array; used: number }[] = [];
  let turn = 0;
  const next = (): { readonly buffer: Uint8Array; used: number } => {
    turn = 1 - turn;
    const half = pair[turn] ?? { buffer: buffers.take(), used: 0 };
    pair[turn] = half;
    return half;
  };
  async function* fill(): AsyncGenerator<Batch> {
    let half = next();
    let filled = 0;
    for await (const chunk of source) {
      for (let offset = 0; offset < chunk.length; ) {
        const part = chunk.subarray(offset, offset + length - filled);
        half.buffer.set(part, filled);
        offset += part.length;
        filled += part.length;
        half.used = Math.max(half.used, filled);
        if (filled < length) continue;
        yield { bytes: half.buffer.subarray(0, filled), last: false };
        half = next();
        filled = 0;
      }
    }
    yield { bytes: half.buffer.subarray(0, filled), last: true };
  }
  const all = fill();
  return {
    all,
    async release() {
      await all.return(undefined);
      for (const half of pair.splice(0)) if (half !== undefined) buffers.give(half.buffer, half.used);
    },
  };
}
