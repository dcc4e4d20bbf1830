import type { DigestedStream, Digests } from "./api.js";

/** A stream whose generator returns its digests. */
export function digestedStream(chunks: AsyncGenerator<Uint8Array, Digests>): DigestedStream {
  let digests: Digests | null = null;
  async function* noting(): AsyncGenerator<Uint8Array> {
    digests = yield* chunks;
  }
  const stream = noting();
  return {
    [Symbol.asyncIterator]: () => stream,
    digests() {
      if (digests === null) throw new Error("the stream has not come to its end");
      return digests;
    },
  };
}
