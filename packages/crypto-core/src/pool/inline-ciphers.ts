import { createHash, type Hash } from "node:crypto";
import { open } from "../message/open.js";
import { seal } from "../message/seal.js";
import type { MessageCiphers } from "./api.js";
import { digestedStream } from "./digested-stream.js";

/** On the calling thread: for small messages, tests, and tools without threads. */
export const inlineCiphers: MessageCiphers = {
  seal: (source, { digest = false, ...options }) =>
    digestedStream(digested(digest, (hash) => seal(hashed(source, hash), options))),
  open: (source, { digest = false, ...options }) =>
    digestedStream(digested(digest, (hash) => hashed(open(source, options), hash))),
};

async function* digested(
  wanted: boolean,
  run: (hash: Hash | null) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, string | null> {
  const hash = wanted ? createHash("sha256") : null;
  yield* run(hash);
  return hash?.digest("hex") ?? null;
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash | null): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash?.update(chunk);
    yield chunk;
  }
}
