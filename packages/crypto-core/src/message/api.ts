import type { AccountKey } from "../key-material/account-key.js";
import type { FrameGate } from "./gate.js";

/** String pairs, authenticated and stored in clear in the header. Sorted by the UTF-8 bytes of the key when serialised. */
export type EncryptionContext = Readonly<Record<string, string>>;

export interface SealOptions {
  readonly accountKey: AccountKey;
  /** Key name of the raw-AES wrap: `<accountId>/<generation>`. */
  readonly keyName: string;
  readonly context: EncryptionContext;
  /** Bytes of plaintext per frame: 1 to 2^32-1; the product uses 64 KiB to 1 MiB. */
  readonly frameLength: number;
  readonly gate: FrameGate;
}

export interface OpenOptions {
  readonly accountKey: AccountKey;
  /** The message's encrypted data key must carry exactly this name. */
  readonly keyName: string;
  /** The message's context must equal this, pair for pair: a swap of whole objects is otherwise invisible. */
  readonly expectedContext: EncryptionContext;
  readonly gate: FrameGate;
  /** Refuses longer frames before it allocates. Default 1 MiB. */
  readonly maxFrameLength?: number;
}

/** Why a message cannot be read. No text of it holds a key or plaintext. */
export type MessageFault =
  | "MALFORMED"
  | "TRUNCATED"
  | "TRAILING_BYTES"
  | "SUITE_REFUSED"
  | "SIGNED_SUITE_REFUSED"
  | "WRAP_UNKNOWN"
  | "AUTHENTICATION_FAILED"
  | "COMMITMENT_MISMATCH"
  | "CONTEXT_MISMATCH"
  | "FRAME_OUT_OF_ORDER"
  | "FRAME_TOO_LONG"
  | "LIMIT_EXCEEDED";

export class MessageError extends Error {
  override name = "MessageError";
  constructor(
    readonly fault: MessageFault,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Plaintext chunks in, message bytes out; chunk sizes are free. Bounded memory: a few frames.
 * Throws MessageError(LIMIT_EXCEEDED) past 2^32-1 frames, GateClosedError when the gate closes for good, and whatever `source` throws.
 */
export type Seal = (source: AsyncIterable<Uint8Array>, options: SealOptions) => AsyncIterable<Uint8Array>;

/**
 * Message bytes in, plaintext out. Yields only verified plaintext, one frame at a time; a final fault is thrown after the
 * verified frames, so a consumer must discard what it got from a stream that threw. Throws MessageError, GateClosedError,
 * and whatever `source` throws.
 */
export type Open = (source: AsyncIterable<Uint8Array>, options: OpenOptions) => AsyncIterable<Uint8Array>;
