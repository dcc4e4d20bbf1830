import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { MessageError } from "./api.js";
import { bodyAad, type FramePosition } from "./body-aad.js";
import type { ByteReader } from "./byte-reader.js";
import { encodeFramePrefix, frameIv } from "./frame.js";
import type { FrameGate } from "./gate.js";
import { CIPHER, PIECE_LENGTH, TAG_LENGTH } from "./suite.js";

/** Below this the reader gathers chunks of its source before it deciphers: a cipher call per byte would be slow. */
const MIN_PIECE_LENGTH = 16 * 1024;

/** What the frames of one message have in common. */
export interface MessageKey {
  readonly contentKey: KeyObject;
  readonly messageId: Uint8Array;
}

/** Prefix, ciphertext in pieces, tag: fresh buffers that the caller owns. Not joined, because joining costs as much as enciphering. */
export function encryptFrame(key: MessageKey, position: FramePosition, plaintext: Uint8Array): Uint8Array[] {
  const cipher = createCipheriv(CIPHER, key.contentKey, frameIv(position.sequence), { authTagLength: TAG_LENGTH });
  cipher.setAAD(bodyAad(key.messageId, position));
  const pieces: Uint8Array[] = [encodeFramePrefix(position)];
  for (let offset = 0; offset < plaintext.length; offset += PIECE_LENGTH) {
    pieces.push(cipher.update(plaintext.subarray(offset, offset + PIECE_LENGTH)));
  }
  cipher.final();
  pieces.push(cipher.getAuthTag());
  return pieces;
}

/**
 * Reads and deciphers one frame while the gate is open; answers its plaintext, in pieces that the caller owns, only once the
 * tag is verified. On any failure what was deciphered is overwritten. Throws MessageError(AUTHENTICATION_FAILED, TRUNCATED).
 */
export async function decryptFrame(
  key: MessageKey,
  position: FramePosition,
  reader: ByteReader,
  gate: FrameGate,
): Promise<Uint8Array[]> {
  const decipher = createDecipheriv(CIPHER, key.contentKey, frameIv(position.sequence), { authTagLength: TAG_LENGTH });
  decipher.setAAD(bodyAad(key.messageId, position));
  const pieces: Uint8Array[] = [];
  try {
    for (let missing = position.contentLength; missing > 0; ) {
      const ciphertext = await reader.read(Math.min(missing, MIN_PIECE_LENGTH), Math.min(missing, PIECE_LENGTH));
      missing -= ciphertext.length;
      // `ciphertext` stays valid while the gate is awaited: only the next read overwrites it.
      while (!gate.isOpen()) await gate.waitUntilOpen();
      pieces.push(decipher.update(ciphertext));
    }
    decipher.setAuthTag(await reader.read(TAG_LENGTH));
    verify(decipher, position);
    return pieces;
  } catch (error) {
    wipe(pieces);
    throw error;
  }
}

export function wipe(pieces: readonly Uint8Array[]): void {
  for (const piece of pieces) piece.fill(0);
}

function verify(decipher: { final(): Buffer }, { sequence }: FramePosition): void {
  try {
    decipher.final();
  } catch {
    throw new MessageError("AUTHENTICATION_FAILED", `frame ${sequence} was changed`);
  }
}
