import type { DigestedStream } from "./api.js";

/** A stream whose generator returns its digest, or null when none was asked for. */
export function digestedStream(chunks: AsyncGenerator<Uint8Array, string | null>): DigestedStream {
  let digest: string | null | undefined;
  async function* noting(): AsyncGenerator<Uint8Array> {
    digest = yield* chunks;
  }
  const stream = noting();
  return {
    [Symbol.asyncIterator]: () => stream,
    digest() {
      if (digest === undefined) throw new Error("the stream has not come to its end");
      if (digest === null) throw new Error("the digest was not asked for");
      return digest;
    },
  };
}
