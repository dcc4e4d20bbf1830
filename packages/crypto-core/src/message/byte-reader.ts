import { MessageError } from "./api.js";

/**
 * Reads a chunked source by byte counts, copying only what lies across a chunk boundary. It holds one chunk of the source and a
 * scratch area as large as the largest `atLeast` asked for; callers bound that before they ask.
 */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #finished = false;
  #scratch: Uint8Array = new Uint8Array(256);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /**
   * Between `atLeast` and `atMost` bytes: as many as can be had without waiting or copying. A view that is valid until the next
   * call. Throws MessageError(TRUNCATED) when the source ends first, and whatever the source throws.
   */
  async read(atLeast: number, atMost: number = atLeast): Promise<Uint8Array> {
    if (this.#available === 0) await this.#pull();
    if (this.#available >= atLeast) return this.#advance(Math.min(this.#available, atMost));

    if (this.#scratch.length < atLeast) this.#scratch = new Uint8Array(atLeast);
    const scratch = this.#scratch.subarray(0, atLeast);
    for (let filled = 0; filled < atLeast; ) {
      if (this.#available === 0 && !(await this.#pull())) {
        throw new MessageError("TRUNCATED", "the message ends before its final frame is complete");
      }
      const part = this.#advance(Math.min(this.#available, atLeast - filled));
      scratch.set(part, filled);
      filled += part.length;
    }
    return scratch;
  }

  /** All that is left, in chunks that are lent until the next is asked for. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (!(await this.atEnd())) yield this.#advance(this.#available);
  }

  /** True when the source holds not one byte more. */
  async atEnd(): Promise<boolean> {
    return this.#available === 0 && !(await this.#pull());
  }

  /** Stops the source early. What its clean-up throws is dropped: the reader's own outcome is what counts. */
  async close(): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    await this.#iterator.return?.().catch(() => undefined);
  }

  get #available(): number {
    return this.#chunk.length - this.#offset;
  }

  #advance(length: number): Uint8Array {
    this.#offset += length;
    return this.#chunk.subarray(this.#offset - length, this.#offset);
  }

  /** The next chunk that is not empty; false at the end. */
  async #pull(): Promise<boolean> {
    while (!this.#finished) {
      const next = await this.#iterator.next().catch((error: unknown) => {
        this.#finished = true;
        throw error;
      });
      if (next.done === true) this.#finished = true;
      else if (next.value.length > 0) {
        this.#chunk = next.value;
        this.#offset = 0;
        return true;
      }
    }
    return false;
  }
}
