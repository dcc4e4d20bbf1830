import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Length of an account key in bytes (AES-256). */
export const ACCOUNT_KEY_LENGTH = 32;

/**
 * One generation of an account key, unwrapped. An object with a life: after `destroy` every use throws, and its bytes are
 * overwritten (best effort: copies that the runtime made are out of reach). It never shows its bytes in logs or JSON.
 */
export class AccountKey {
  #bytes: Uint8Array | null;
  /** Shared with the threads that work under this key: not 0 once it was destroyed. One store reaches all of them at once. */
  readonly destroyedFlag = new Int32Array(new SharedArrayBuffer(4));

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  static generate(): AccountKey {
    return new AccountKey(randomBytes(ACCOUNT_KEY_LENGTH));
  }

  /** Takes the buffer over: the caller must not use it again. Throws RangeError unless it has 32 bytes. */
  static takeOver(bytes: Uint8Array): AccountKey {
    if (bytes.length !== ACCOUNT_KEY_LENGTH) throw new RangeError(`an account key has ${ACCOUNT_KEY_LENGTH} bytes`);
    return new AccountKey(bytes);
  }

  get destroyed(): boolean {
    return this.#bytes === null;
  }

  /** Lends the bytes for the length of one call. Throws when destroyed. The callee keeps no reference. */
  use<T>(work: (bytes: Uint8Array) => T): T {
    if (this.#bytes === null) throw new Error("this account key has been destroyed");
    return work(this.#bytes);
  }

  /** Key check value, hex: HMAC-SHA256 under the key over a fixed label. Equal for equal keys; tells nothing of the key. */
  checkValue(): string {
    return this.use((bytes) => createHmac("sha256", bytes).update("ekm:key-check-value:v1").digest("hex"));
  }

  /** Constant-time comparison with a stored check value. */
  matches(checkValue: string): boolean {
    const own = Buffer.from(this.checkValue(), "hex");
    const other = Buffer.from(checkValue, "hex");
    return own.length === other.length && timingSafeEqual(own, other);
  }

  destroy(): void {
    Atomics.store(this.destroyedFlag, 0, 1);
    this.#bytes?.fill(0);
    this.#bytes = null;
  }

  toJSON(): string {
    return "[account key]";
  }
  toString(): string {
    return "[account key]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[account key]";
  }
}
