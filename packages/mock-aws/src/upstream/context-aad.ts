import type { EncryptionContext } from "../keys/key.js";

/**
 * The encryption context as bytes: pairs sorted by the name's bytes, each name and value with its length (32 bit) before it,
 * so that no two contexts share an encoding.
 */
export function encodeContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context)
    .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat(pairs.flatMap(([name, value]) => [length(name), name, length(value), value]));
}

function length(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return prefix;
}
