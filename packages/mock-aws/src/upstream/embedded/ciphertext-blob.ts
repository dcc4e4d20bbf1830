/**
 * The embedded upstream's ciphertext blob:
 * version (1 byte, 2) · key id (36 bytes, ASCII) · begin of the material's id (8) · IV (12) · tag (16) · ciphertext.
 * All before the IV is authenticated.
 */
export const HEADER_BYTES = 45;
export const IV_BYTES = 12;
export const TAG_BYTES = 16;
const KEY_ID_END = 37;

export interface CiphertextBlob {
  readonly header: Buffer;
  readonly keyId: string;
  /** 16 hexadecimal digits. */
  readonly material: string;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly ciphertext: Buffer;
}

const VERSION = 2;

export function blobHeader(keyId: string, materialId: string): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header[0] = VERSION;
  header.write(keyId, 1, "ascii");
  header.write(materialId.slice(0, 16), KEY_ID_END, "hex");
  return header;
}

/** Null for bytes that are no blob of ours. */
export function readBlob(bytes: Buffer): CiphertextBlob | null {
  if (bytes.length <= HEADER_BYTES + IV_BYTES + TAG_BYTES || bytes[0] !== VERSION) return null;
  return {
    header: bytes.subarray(0, HEADER_BYTES),
    keyId: bytes.toString("latin1", 1, KEY_ID_END),
    material: bytes.toString("hex", KEY_ID_END, HEADER_BYTES),
    iv: bytes.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES),
    tag: bytes.subarray(HEADER_BYTES + IV_BYTES, HEADER_BYTES + IV_BYTES + TAG_BYTES),
    ciphertext: bytes.subarray(HEADER_BYTES + IV_BYTES + TAG_BYTES),
  };
}
