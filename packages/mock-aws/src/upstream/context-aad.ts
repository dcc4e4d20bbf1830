import type { EncryptionContext } from "../keys/key.js";

const LENGTH_BYTES = 4;

/**
 * The encryption context as bytes: pairs sorted by the name's bytes, each name and value with its length (32 bit) before it,
 * so that no two contexts share an encoding.
 */
export function encodeContext(context: EncryptionContext): Buffer {
  const names = Object.keys(context);
  if (names.length > 1) names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const texts = names.flatMap((name) => [name, context[name] ?? ""]);
  const encoded = Buffer.alloc(texts.reduce((size, text) => size + LENGTH_BYTES + Buffer.byteLength(text), 0));
  let end = 0;
  for (const text of texts) {
    const written = encoded.write(text, end + LENGTH_BYTES);
    encoded.writeUInt32BE(written, end);
    end += LENGTH_BYTES + written;
  }
  return encoded;
}
