import type { OpenOptions, SealOptions } from "../message/api.js";

export interface DigestedStream extends AsyncIterable<Uint8Array> {
  /** SHA-256 of the plaintext, hex. Throws before the stream has come to its end, and when it was not asked for. */
  digest(): string;
}

export interface DigestOption {
  /** Take the plaintext's digest on the way; not unless asked for, since it costs more than the cipher does. */
  readonly digest?: boolean;
}

/**
 * `seal` and `open` with the plaintext's digest taken on the way, where the bytes are at hand anyway. Contracts of the two as
 * in message/api.ts: what comes out belongs to the consumer, a chunk of a source is read only until the next is asked for.
 */
export interface MessageCiphers {
  seal(source: AsyncIterable<Uint8Array>, options: SealOptions & DigestOption): DigestedStream;
  open(source: AsyncIterable<Uint8Array>, options: OpenOptions & DigestOption): DigestedStream;
}

/** Ciphers on threads of their own. */
export interface CipherPool extends MessageCiphers {
  /** Ends the threads: streams that still run throw CipherThreadLostError. */
  close(): Promise<void>;
}

/** A thread ended under a stream: of its own (out of memory), or because the pool was closed. What came out is to be discarded. */
export class CipherThreadLostError extends Error {
  override name = "CipherThreadLostError";
}
