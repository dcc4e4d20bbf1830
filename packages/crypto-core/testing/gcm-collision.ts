import { createCipheriv } from "node:crypto";

/** GF(2^128) as GCM uses it (NIST SP 800-38D, 6.3): the leftmost bit is the constant term. */
const ONE = 1n << 127n;
const REDUCTION = 0xe1n << 120n;

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = ONE;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = multiply(square, square)) {
    if (rest & 1n) result = multiply(result, square);
  }
  return result;
}
const inverse = (a: bigint): bigint => power(a, (1n << 128n) - 2n);

const toBlock = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex").padEnd(32, "0")}`);
const toBytes = (block: bigint): Buffer => Buffer.from(block.toString(16).padStart(32, "0"), "hex");

function blocksOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, n) => toBlock(bytes.subarray(n * 16, n * 16 + 16)));
}

function encryptBlock(key: Uint8Array, block: Buffer): bigint {
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  return toBlock(Buffer.concat([cipher.update(block), cipher.final()]));
}

/**
 * Ciphertext of 32 bytes and a tag that AES-256-GCM accepts under *both* keys, with the same IV and associated data, and deciphers to
 * different plaintexts: GCM does not commit to its key (Dodis et al., "Fast Message Franking", CRYPTO 2018). The first block is solved
 * for, the second is free.
 */
export function ciphertextOfTwoKeys(
  keys: readonly [Uint8Array, Uint8Array],
  iv: Uint8Array,
  associated: Uint8Array,
): { ciphertext: Buffer; tag: Buffer } {
  const free = toBlock(Buffer.from("the second block"));
  const lengths = (BigInt(associated.length * 8) << 64n) | 256n;
  const sides = keys.map((key) => {
    const hash = encryptBlock(key, Buffer.alloc(16));
    const mask = encryptBlock(key, Buffer.concat([iv, Buffer.of(0, 0, 0, 1)]));
    const tagOf = (first: bigint): bigint =>
      [...blocksOf(associated), first, free, lengths].reduce((sum, block) => multiply(sum ^ block, hash), 0n) ^ mask;
    return { cubed: power(hash, 3n), tagOf };
  });
  const [one, other] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const first = multiply(one.tagOf(0n) ^ other.tagOf(0n), inverse(one.cubed ^ other.cubed));
  return { ciphertext: Buffer.concat([toBytes(first), toBytes(free)]), tag: toBytes(one.tagOf(first)) };
}
