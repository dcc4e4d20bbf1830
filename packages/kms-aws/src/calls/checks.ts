/** KMS ciphertext blobs have at most 6144 bytes (AWS KMS API Reference, Decrypt, CiphertextBlob). */
const MAX_CIPHERTEXT = 6144;
const MAX_PLAINTEXT = 4096;

export const isCiphertext = (bytes: Uint8Array | undefined): bytes is Uint8Array =>
  bytes !== undefined && bytes.length > 0 && bytes.length <= MAX_CIPHERTEXT;

/** Of exactly `length` bytes, or of 1 to 4096. */
export const isPlaintext = (bytes: Uint8Array | undefined, length?: number): bytes is Uint8Array =>
  bytes !== undefined && (length === undefined ? bytes.length > 0 && bytes.length <= MAX_PLAINTEXT : bytes.length === length);

/** For plaintext of an answer that must not be used. */
export function discard(bytes: Uint8Array | undefined): null {
  bytes?.fill(0);
  return null;
}
