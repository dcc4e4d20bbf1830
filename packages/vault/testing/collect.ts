import { createHash } from "node:crypto";

/** All bytes of a stream. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stream of these chunks. */
export async function* bytesOf(...chunks: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** SHA-256 of all bytes of a stream, hex. */
export async function digestOf(stream: AsyncIterable<Uint8Array> | null): Promise<string> {
  return createHash("sha256")
    .update(await collect(stream ?? bytesOf()))
    .digest("hex");
}

/** A manifest as it was written in version 1, which stated the digest of each stored object. */
export async function* asVersion1(manifest: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const text = (await collect(manifest)).toString();
  yield Buffer.from(
    text.replace('"version":2', '"version":1').replaceAll(/("sealedBytes":\d+)\}/g, (_, kept) => `${kept},"sha256":"${sha256}"}`),
  );
}
