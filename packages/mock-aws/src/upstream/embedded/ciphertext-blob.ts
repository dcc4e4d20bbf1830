/**
 * The embedded upstream's ciphertext blob:
 * version (1 byte, 1) · key id (36 bytes, ASCII) · IV (12) · tag (16) · ciphertext. Version and key id are authenticated.
 */
export const HEADER_BYTES = 37;
export const IV_BYTES = 12;
export const TAG_BYTES = 16;

export interface CiphertextBlob {
  readonly header: Buffer;
  readonly keyId: string;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly ciphertext: Buffer;
}

const VERSION = 1;

export function blobHeader(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([VERSION]), Buffer.from(keyId, "ascii")], HEADER_BYTES);
}

/** Null for bytes that are no blob of ours. */
export function readBlob(bytes: Buffer): CiphertextBlob | null {
  if (bytes.length <= HEADER_BYTES + IV_BYTES + TAG_BYTES || bytes[0] !== VERSION) return null;
  const header = bytes.subarray(0, HEADER_BYTES);
  return {
    header,
    keyId: header.toString("latin1", 1),
    iv: bytes.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES),
    tag: bytes.subarray(HEADER_BYTES + IV_BYTES, HEADER_BYTES + IV_BYTES + TAG_BYTES),
    ciphertext: bytes.subarray(HEADER_BYTES + IV_BYTES + TAG_BYTES),
  };
}
