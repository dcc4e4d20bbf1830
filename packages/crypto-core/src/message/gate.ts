/**
 * Asked immediately before each frame is sealed and, after decrypting, immediately before each frame is released.
 * `isOpen` is cheap and synchronous. When it answers false the stream awaits `waitUntilOpen`, which resolves when frames may
 * flow again and rejects with {@link GateClosedError} when they never will under this lease. A stream that saw the rejection
 * releases nothing more and ends with that error.
 */
export interface FrameGate {
  isOpen(): boolean;
  waitUntilOpen(): Promise<void>;
}

/** The only way to stop a running stream from its side. `reason` is what the holder of the lease knows (a KMS failure, a lock). */
export class GateClosedError<R = unknown> extends Error {
  override name = "GateClosedError";
  constructor(readonly reason: R) {
    super("the key that protects this data may not be used now");
  }
}

/** For tests, benchmarks and offline readers that hold their key without a lease. */
export const ALWAYS_OPEN: FrameGate = { isOpen: () => true, waitUntilOpen: () => Promise.resolve() };
