import type { RestoreTrace, VaultPorts } from "../api.js";

/** Counts the plaintext bytes that were written into the staging directory, and when the last one was. */
export class ReleaseTrace {
  #bytes = 0n;
  #last: Date | undefined;

  constructor(readonly clock: VaultPorts<unknown>["clock"]) {}

  add(bytes: number): void {
    this.#bytes += BigInt(bytes);
    this.#last = this.clock.now();
  }

  snapshot(): RestoreTrace {
    return this.#last === undefined
      ? { bytesReleased: this.#bytes }
      : { bytesReleased: this.#bytes, lastByteReleasedAt: this.#last };
  }
}
