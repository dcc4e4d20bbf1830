import type { OpenOptions, SealOptions } from "../message/api.js";
import { ByteReader } from "../message/byte-reader.js";
import { unlockMessage } from "../message/open.js";
import { beginMessage } from "../message/seal.js";
import { type CipherPool, CipherThreadLostError, type DigestOption } from "./api.js";
import { BATCH_LENGTH, BatchBuffers, intoBatches } from "./batches.js";
import { CipherThread, type PoolSession } from "./cipher-thread-handle.js";
import { digestedStream } from "./digested-stream.js";
import type { Begin } from "./protocol.js";
import { throughThread } from "./through-thread.js";

export interface CipherPoolOptions {
  /** Most threads; they are started when streams need them. One per core is enough: a thread waits for nothing but work. */
  readonly threads: number;
}

/**
 * Ciphers and digests on threads. Headers, wraps and the account key stay on the calling thread; a thread gets the content key
 * of a message as a handle and looks, before each frame, whether the account key was destroyed or the stream given up. Memory
 * per stream: two batches of 1 MiB going in, two coming out.
 */
export function createCipherPool({ threads: most }: CipherPoolOptions): CipherPool {
  if (!(Number.isInteger(most) && most > 0)) throw new RangeError("a pool has at least one thread");
  const threads = new Set<CipherThread>();
  const buffers = new BatchBuffers();
  let sessions = 0;
  let closed = false;

  function leastBusy(): CipherThread {
    if (closed) throw new CipherThreadLostError("the cipher pool is closed");
    const [first, ...others] = threads;
    const least = others.reduce((one, other) => (other.sessions < one.sessions ? other : one), first as CipherThread);
    if (threads.size > 0 && (least.sessions === 0 || threads.size >= most)) return least;
    const thread: CipherThread = new CipherThread(() => threads.delete(thread));
    threads.add(thread);
    return thread;
  }
  function begin(of: Omit<Begin, "type" | "session" | "givenUp">): { session: PoolSession; givenUp: Int32Array } {
    const givenUp = new Int32Array(new SharedArrayBuffer(4));
    return { session: leastBusy().begin({ ...of, session: ++sessions, givenUp }), givenUp };
  }

  async function* sealing(
    source: AsyncIterable<Uint8Array>,
    options: SealOptions & DigestOption,
  ): AsyncGenerator<Uint8Array, string | null> {
    const { gate, frameLength, digest = false } = options;
    const { header, key, keyDestroyed } = await beginMessage(options);
    yield header;
    const passage = begin({ way: "seal", ...key, frameLength, digest, keyDestroyed });
    const whole = Math.max(1, Math.floor(BATCH_LENGTH / frameLength)) * frameLength;
    const batches = intoBatches(source, Math.min(whole, BATCH_LENGTH), buffers);
    return yield* throughThread(batches, { ...passage, gate, secret: false });
  }
  async function* opening(
    source: AsyncIterable<Uint8Array>,
    options: OpenOptions & DigestOption,
  ): AsyncGenerator<Uint8Array, string | null> {
    const { digest = false } = options;
    const reader = new ByteReader(source);
    try {
      const { key, frameLength, keyDestroyed } = await unlockMessage(reader, options);
      const passage = begin({ way: "open", ...key, frameLength, digest, keyDestroyed });
      const batches = intoBatches(reader.rest(), BATCH_LENGTH, buffers);
      return yield* throughThread(batches, { ...passage, gate: options.gate, secret: true });
    } finally {
      await reader.close();
    }
  }
  return {
    seal: (source, options) => digestedStream(sealing(source, options)),
    open: (source, options) => digestedStream(opening(source, options)),
    async close() {
      closed = true;
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}
