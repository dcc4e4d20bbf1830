import { randomBytes } from "node:crypto";
import type { Seal, SealOptions } from "./api.js";
import { deriveKeys } from "./derive.js";
import { encodeEncryptionContext } from "./encryption-context.js";
import { FrameCounter } from "./frame.js";
import { encryptFrame, type MessageKey } from "./frame-cipher.js";
import { intoFrames } from "./framing.js";
import type { FrameGate } from "./gate.js";
import { encodeHeader, headerTag } from "./header.js";
import { wrapDataKey } from "./raw-aes-wrap.js";
import { KEY_LENGTH, MESSAGE_ID_LENGTH, UINT32_MAX } from "./suite.js";

/**
 * Ownership: a chunk of `source` is read only until the next is asked for; chunks that come out belong to the consumer and are
 * never written again. Throws RangeError for a frame length, key name or context that the format cannot hold.
 */
export const seal: Seal = async function* (source, options) {
  const { gate, frameLength } = options;
  const { header, key } = await beginMessage(options);
  yield header;
  yield* sealFrames(source, { key, frameLength, gate });
};

export interface BegunMessage {
  /** Body and tag. */
  readonly header: Uint8Array;
  readonly key: MessageKey;
  /** The flag of the account key under which it was begun. */
  readonly keyDestroyed: Int32Array;
}

/** Waits for the gate, then makes and wraps a fresh data key. Throws RangeError as `seal` does. */
export async function beginMessage(options: SealOptions): Promise<BegunMessage> {
  const { frameLength, gate } = options;
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > UINT32_MAX) {
    throw new RangeError(`a frame length is 1 to ${UINT32_MAX} bytes`);
  }
  while (!gate.isOpen()) await gate.waitUntilOpen();
  return makeHeader(options);
}

function makeHeader({ accountKey, keyName, context, frameLength }: SealOptions): BegunMessage {
  const encodedContext = encodeEncryptionContext(context);
  const messageId = randomBytes(MESSAGE_ID_LENGTH);
  const dataKey = randomBytes(KEY_LENGTH);
  try {
    const wrap = wrapDataKey(accountKey, keyName, encodedContext, dataKey);
    const { contentKey, commitment } = deriveKeys(dataKey, messageId);
    const body = encodeHeader({ messageId, context: encodedContext, wrap, frameLength, commitment });
    return {
      header: Buffer.concat([body, headerTag(contentKey, body)]),
      key: { contentKey, messageId },
      keyDestroyed: accountKey.destroyedFlag,
    };
  } finally {
    dataKey.fill(0);
  }
}

/** The frames that follow the header. The gate is asked before each frame is sealed and before each piece comes out. */
export async function* sealFrames(
  source: AsyncIterable<Uint8Array>,
  { key, frameLength, gate }: { key: MessageKey; frameLength: number; gate: FrameGate },
): AsyncGenerator<Uint8Array> {
  const counter = new FrameCounter();
  for await (const { plaintext, final } of intoFrames(source, frameLength)) {
    while (!gate.isOpen()) await gate.waitUntilOpen();
    const position = { sequence: counter.take(final), final, contentLength: plaintext.length };
    for (const piece of encryptFrame(key, position, plaintext)) {
      while (!gate.isOpen()) await gate.waitUntilOpen();
      yield piece;
    }
  }
}
