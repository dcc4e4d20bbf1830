import type { OpenOptions, SealOptions } from "../message/api.js";

/** SHA-256, hex. */
export interface Digests {
  readonly plaintext: string;
  /** Of the message as it is stored, header and all. */
  readonly message: string;
}

export interface DigestedStream extends AsyncIterable<Uint8Array> {
  /** Throws before the stream has come to its end. */
  digests(): Digests;
}

/**
 * `seal` and `open` with the digests of both sides taken on the way, where the bytes are at hand anyway. Contracts of the two as
 * in message/api.ts: what comes out belongs to the consumer, a chunk of a source is read only until the next is asked for.
 */
export interface MessageCiphers {
  seal(source: AsyncIterable<Uint8Array>, options: SealOptions): DigestedStream;
  open(source: AsyncIterable<Uint8Array>, options: OpenOptions): DigestedStream;
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
