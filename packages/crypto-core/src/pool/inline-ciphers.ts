import { createHash, type Hash } from "node:crypto";
import { open } from "../message/open.js";
import { seal } from "../message/seal.js";
import type { DigestedStream, MessageCiphers } from "./api.js";
import { digestedStream } from "./digested-stream.js";

/** On the calling thread: for small messages, tests, and tools without threads. */
export const inlineCiphers: MessageCiphers = {
  seal: (source, options) => digested((plaintext, message) => hashed(seal(hashed(source, plaintext), options), message)),
  open: (source, options) => digested((plaintext, message) => hashed(open(hashed(source, message), options), plaintext)),
};

function digested(run: (plaintext: Hash, message: Hash) => AsyncIterable<Uint8Array>): DigestedStream {
  const plaintext = createHash("sha256");
  const message = createHash("sha256");
  return digestedStream(
    (async function* () {
      yield* run(plaintext, message);
      return { plaintext: plaintext.digest("hex"), message: message.digest("hex") };
    })(),
  );
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
