import { timingSafeEqual } from "node:crypto";
import { MessageError, type Open, type OpenOptions } from "./api.js";
import { ByteReader } from "./byte-reader.js";
import { deriveKeys } from "./derive.js";
import { decodeEncryptionContext, sameEncryptionContext } from "./encryption-context.js";
import { readFramePrefix } from "./frame.js";
import { decryptFrame, type MessageKey, wipe } from "./frame-cipher.js";
import { type ReceivedHeader, readHeader, verifyHeader } from "./header.js";
import { requireWrapOf, unwrapDataKey } from "./raw-aes-wrap.js";

export const DEFAULT_MAX_FRAME_LENGTH = 1024 * 1024;

/**
 * Ownership: a chunk of `source` is read only until the next is asked for; chunks that come out (a frame comes in pieces of at
 * most 64 KiB) belong to the consumer and are never written again. The last frame is released once the source is known to end
 * with it.
 */
export const open: Open = async function* (source, options) {
  const { gate, maxFrameLength = DEFAULT_MAX_FRAME_LENGTH } = options;
  const reader = new ByteReader(source);
  try {
    const header = await readHeader(reader, maxFrameLength);
    requireWrapOf(header.wrap, options.keyName);
    if (!sameEncryptionContext(decodeEncryptionContext(header.context), options.expectedContext)) {
      throw new MessageError("CONTEXT_MISMATCH", "the message is another one than expected");
    }
    while (!gate.isOpen()) await gate.waitUntilOpen();
    const key = unlock(header, options);

    for (let sequence = 1, final = false; !final; sequence++) {
      const position = await readFramePrefix(reader, sequence, header.frameLength);
      final = position.final;
      const pieces = await decryptFrame(key, position, reader, gate);
      try {
        if (final && !(await reader.atEnd())) throw new MessageError("TRAILING_BYTES", "bytes follow the final frame");
        for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
          while (!gate.isOpen()) await gate.waitUntilOpen();
          pieces.shift();
          yield piece;
        }
      } finally {
        wipe(pieces);
      }
    }
  } finally {
    await reader.close();
  }
};

/** Unwraps the data key, then checks the commitment, then the header's tag; nothing derived is used before both hold. */
function unlock(header: ReceivedHeader, { accountKey }: OpenOptions): MessageKey {
  const dataKey = unwrapDataKey(accountKey, header.context, header.wrap);
  try {
    const { contentKey, commitment } = deriveKeys(dataKey, header.messageId);
    if (!timingSafeEqual(commitment, header.commitment)) {
      throw new MessageError("COMMITMENT_MISMATCH", "the data key is not the one that the message commits to");
    }
    verifyHeader(contentKey, header);
    return { contentKey, messageId: header.messageId };
  } finally {
    dataKey.fill(0);
  }
}
