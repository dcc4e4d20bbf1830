import type { EncryptionContext } from "./api.js";
import { MessageError } from "./api.js";
import { UINT16_MAX } from "./suite.js";

/** Keys that begin so are the Encryption SDK's own. */
const RESERVED_PREFIX = "aws-crypto-";
const LONE_SURROGATE = /\p{Surrogate}/u;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Pair count (u16), then each key and value with its length (u16), sorted by the key's bytes. An empty context is zero bytes,
 * without a count. The length that stands before it in a header is not part of it. The same bytes are the AAD of the wrap.
 * Throws RangeError for a context that the format cannot hold or the Encryption SDK reserves.
 */
export function encodeEncryptionContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).map(([key, value]) => ({ key: encodeKey(key), value: encodeText(value) }));
  if (pairs.length === 0) return Buffer.alloc(0);
  pairs.sort((a, b) => Buffer.compare(a.key, b.key));
  const parts = [uint16(pairs.length)];
  for (const { key, value } of pairs) parts.push(uint16(key.length), key, uint16(value.length), value);
  const encoded = Buffer.concat(parts);
  if (encoded.length > UINT16_MAX) throw new RangeError(`an encryption context has at most ${UINT16_MAX} bytes`);
  return encoded;
}

/** The inverse, canonical form only: MessageError(MALFORMED) for anything that `encodeEncryptionContext` would not write. */
export function decodeEncryptionContext(encoded: Uint8Array): ReadonlyMap<string, string> {
  const context = new Map<string, string>();
  if (encoded.length === 0) return context;
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let offset = 0;
  const take = (length: number): Buffer => {
    if (length > bytes.length - offset) throw malformed("its lengths do not add up");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const takeField = (): Buffer => take(take(2).readUInt16BE());

  const count = take(2).readUInt16BE();
  if (count === 0) throw malformed("an empty context has no pair count");
  let previous: Buffer | null = null;
  for (let pair = 0; pair < count; pair++) {
    const key = takeField();
    if (previous !== null && Buffer.compare(previous, key) >= 0) throw malformed("its keys are not sorted and distinct");
    previous = key;
    context.set(decodeText(key), decodeText(takeField()));
  }
  if (offset !== bytes.length) throw malformed("its lengths do not add up");
  return context;
}

export function sameEncryptionContext(found: ReadonlyMap<string, string>, expected: EncryptionContext): boolean {
  const pairs = Object.entries(expected);
  return pairs.length === found.size && pairs.every(([key, value]) => found.get(key) === value);
}

function encodeKey(key: string): Buffer {
  if (key.startsWith(RESERVED_PREFIX)) throw new RangeError(`"${RESERVED_PREFIX}" is reserved by the Encryption SDK`);
  return encodeText(key);
}

function encodeText(text: string): Buffer {
  if (LONE_SURROGATE.test(text)) throw new RangeError("an encryption context holds well-formed text only");
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > UINT16_MAX) throw new RangeError(`an encryption context has at most ${UINT16_MAX} bytes`);
  return bytes;
}

function decodeText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed("it is not UTF-8");
  }
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  if (value > UINT16_MAX) throw new RangeError(`an encryption context has at most ${UINT16_MAX} pairs`);
  bytes.writeUInt16BE(value);
  return bytes;
}

const malformed = (why: string): MessageError => new MessageError("MALFORMED", `encryption context: ${why}`);
