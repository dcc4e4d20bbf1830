import { randomBytes } from "node:crypto";
import type { Seal, SealOptions } from "./api.js";
import { deriveKeys } from "./derive.js";
import { encodeEncryptionContext } from "./encryption-context.js";
import { FrameCounter } from "./frame.js";
import { encryptFrame, type MessageKey } from "./frame-cipher.js";
import { intoFrames } from "./framing.js";
import { encodeHeader, headerTag } from "./header.js";
import { wrapDataKey } from "./raw-aes-wrap.js";
import { KEY_LENGTH, MESSAGE_ID_LENGTH, UINT32_MAX } from "./suite.js";

/**
 * Ownership: a chunk of `source` is read only until the next is asked for; chunks that come out belong to the consumer and are
 * never written again. Throws RangeError for a frame length, key name or context that the format cannot hold.
 */
export const seal: Seal = async function* (source, options) {
  const { gate, frameLength } = options;
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > UINT32_MAX) {
    throw new RangeError(`a frame length is 1 to ${UINT32_MAX} bytes`);
  }
  while (!gate.isOpen()) await gate.waitUntilOpen();
  const { header, key } = beginMessage(options);
  yield header;

  const counter = new FrameCounter();
  for await (const { plaintext, final } of intoFrames(source, frameLength)) {
    while (!gate.isOpen()) await gate.waitUntilOpen();
    const position = { sequence: counter.take(final), final, contentLength: plaintext.length };
    for (const piece of encryptFrame(key, position, plaintext)) {
      while (!gate.isOpen()) await gate.waitUntilOpen();
      yield piece;
    }
  }
};

function beginMessage({ accountKey, keyName, context, frameLength }: SealOptions): { header: Uint8Array; key: MessageKey } {
  const encodedContext = encodeEncryptionContext(context);
  const messageId = randomBytes(MESSAGE_ID_LENGTH);
  const dataKey = randomBytes(KEY_LENGTH);
  try {
    const wrap = wrapDataKey(accountKey, keyName, encodedContext, dataKey);
    const { contentKey, commitment } = deriveKeys(dataKey, messageId);
    const body = encodeHeader({ messageId, context: encodedContext, wrap, frameLength, commitment });
    return { header: Buffer.concat([body, headerTag(contentKey, body)]), key: { contentKey, messageId } };
  } finally {
    dataKey.fill(0);
  }
}
