import { timingSafeEqual } from "node:crypto";
import type { AccountKey } from "../key-material/account-key.js";
import { MessageError, type Open, type OpenOptions } from "./api.js";
import { ByteReader } from "./byte-reader.js";
import { deriveKeys } from "./derive.js";
import { decodeEncryptionContext, sameEncryptionContext } from "./encryption-context.js";
import { readFramePrefix } from "./frame.js";
import { decryptFrame, type MessageKey, wipe } from "./frame-cipher.js";
import type { FrameGate } from "./gate.js";
import { type ReceivedHeader, readHeader, verifyHeader } from "./header.js";
import { requireWrapOf, unwrapDataKey } from "./raw-aes-wrap.js";

export const DEFAULT_MAX_FRAME_LENGTH = 1024 * 1024;

/**
 * Ownership: a chunk of `source` is read only until the next is asked for; chunks that come out (a frame comes in pieces of at
 * most 128 KiB) belong to the consumer and are never written again. The last frame is released once the source is known to end
 * with it.
 */
export const open: Open = async function* (source, options) {
  const reader = new ByteReader(source);
  try {
    const { key, frameLength } = await unlockMessage(reader, options);
    yield* openFrames(reader, { key, frameLength, gate: options.gate });
  } finally {
    await reader.close();
  }
};

export interface UnlockedMessage {
  readonly key: MessageKey;
  readonly frameLength: number;
  /** The flag of the account key under which it was unlocked. */
  readonly keyDestroyed: Int32Array;
}

/** Reads the header and, while the gate is open, unwraps, and checks commitment and tag. Throws MessageError. */
export async function unlockMessage(reader: ByteReader, options: OpenOptions): Promise<UnlockedMessage> {
  const { gate, keyName, expectedContext, maxFrameLength = DEFAULT_MAX_FRAME_LENGTH } = options;
  const header = await readHeader(reader, maxFrameLength);
  requireWrapOf(header.wrap, keyName);
  if (!sameEncryptionContext(decodeEncryptionContext(header.context), expectedContext)) {
    throw new MessageError("CONTEXT_MISMATCH", "the message is another one than expected");
  }
  while (!gate.isOpen()) await gate.waitUntilOpen();
  const { accountKey } = options;
  const key = unlock(header, accountKey);
  return { key, frameLength: header.frameLength, keyDestroyed: accountKey.destroyedFlag };
}

/** Unwraps the data key, then checks the commitment, then the header's tag; nothing derived is used before both hold. */
function unlock(header: ReceivedHeader, accountKey: AccountKey): MessageKey {
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

/** What the frames after the header hold. The gate is asked before each cipher call and before each piece is released. */
export async function* openFrames(
  reader: ByteReader,
  { key, frameLength, gate }: { key: MessageKey; frameLength: number; gate: FrameGate },
): AsyncGenerator<Uint8Array> {
  for (let sequence = 1, final = false; !final; sequence++) {
    const position = await readFramePrefix(reader, sequence, frameLength);
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
}
