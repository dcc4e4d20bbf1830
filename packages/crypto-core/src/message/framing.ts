/** Plaintext of one frame, lent until the next is asked for. */
export interface PlainFrame {
  readonly plaintext: Uint8Array;
  readonly final: boolean;
}

/**
 * Cuts a source into frames: full ones, then a final one of 0 to `frameLength - 1` bytes. A full frame is never held back, so a
 * source may reuse its chunks; a frame that lies within a chunk is not copied.
 */
export async function* intoFrames(source: AsyncIterable<Uint8Array>, frameLength: number): AsyncGenerator<PlainFrame> {
  const gathered = new GrowingBuffer(frameLength);
  try {
    for await (const chunk of source) {
      let offset = 0;
      while (chunk.length - offset >= frameLength - gathered.length) {
        const end = offset + frameLength - gathered.length;
        const part = chunk.subarray(offset, end);
        yield { plaintext: gathered.length === 0 ? part : gathered.append(part), final: false };
        gathered.clear();
        offset = end;
      }
      gathered.append(chunk.subarray(offset));
    }
    yield { plaintext: gathered.append(new Uint8Array(0)), final: true };
  } finally {
    gathered.wipe();
  }
}

/** Grows with its content, so that a huge frame length costs nothing where the source is short; its memory is reused. */
class GrowingBuffer {
  #bytes = new Uint8Array(0);
  length = 0;

  constructor(readonly limit: number) {}

  /** The whole content, lent until the next call. */
  append(part: Uint8Array): Uint8Array {
    const length = this.length + part.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.limit, Math.max(length, 2 * this.#bytes.length)));
      larger.set(this.#bytes.subarray(0, this.length));
      this.wipe();
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.length);
    this.length = length;
    return this.#bytes.subarray(0, length);
  }

  clear(): void {
    this.length = 0;
  }

  wipe(): void {
    this.#bytes.fill(0);
  }
}
