import type { EncryptionContext } from "../keys/key.js";

const LENGTH_BYTES = 4;

/**
 * The encryption context as bytes: pairs sorted by the name's bytes, each name and value with its length (32 bit) before it,
 * so that no two contexts share an encoding.
 */
export function encodeContext(context: EncryptionContext): Buffer {
  const names = Object.keys(context);
  if (names.length > 1) names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  let size = 0;
  for (const name of names) size += 2 * LENGTH_BYTES + Buffer.byteLength(name) + Buffer.byteLength(context[name] ?? "");
  const encoded = Buffer.allocUnsafe(size);
  let end = 0;
  for (const name of names) end = write(encoded, context[name] ?? "", write(encoded, name, end));
  return encoded;
}

/** Answers where the text ends. */
function write(into: Buffer, text: string, at: number): number {
  const length = into.write(text, at + LENGTH_BYTES);
  into.writeUInt32BE(length, at);
  return at + LENGTH_BYTES + length;
}
