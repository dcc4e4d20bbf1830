import { corrupt } from "../faults/vault-error.js";

/** Cuts a stream into pieces of known sizes. Close it when done, however that came about. */
export class ByteCursor {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  /** `beforePull` is awaited before the stream is asked for more. */
  constructor(
    source: AsyncIterable<Uint8Array>,
    readonly beforePull: () => Promise<void>,
  ) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next `size` bytes; to be read to its end before anything else is asked. Throws VaultError(BACKUP_CORRUPT) when there are fewer. */
  async *take(size: number): AsyncGenerator<Uint8Array> {
    for (let missing = size; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#pull())) throw corrupt("an object is shorter than the manifest says");
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  /** Reads to the end, which is where the last fault of a message shows. Throws VaultError(BACKUP_CORRUPT) when bytes are left. */
  async requireEnd(): Promise<void> {
    do {
      if (this.#rest.length > 0) throw corrupt("an object is longer than the manifest says");
    } while (await this.#pull());
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #pull(): Promise<boolean> {
    await this.beforePull();
    const next = await this.#iterator.next();
    if (next.done) return false;
    this.#rest = next.value;
    return true;
  }
}
