import { MessageError } from "./api.js";
import type { FramePosition } from "./body-aad.js";
import type { ByteReader } from "./byte-reader.js";
import { IV_LENGTH, UINT32_MAX } from "./suite.js";

/** Stands where a regular frame has its sequence number. */
const FINAL_FRAME_MARKER = UINT32_MAX;

/** The sequence number as 12 bytes, big-endian: unique under a content key as long as no number is used twice. */
export function frameIv(sequence: number): Buffer {
  const iv = Buffer.alloc(IV_LENGTH);
  iv.writeUInt32BE(sequence, IV_LENGTH - 4);
  return iv;
}

/** Regular frame: sequence number, IV. Final frame: marker, sequence number, IV, content length. */
export function encodeFramePrefix({ sequence, final, contentLength }: FramePosition): Buffer {
  const prefix = Buffer.alloc(final ? 12 + IV_LENGTH : 4 + IV_LENGTH);
  let offset = 0;
  if (final) offset = prefix.writeUInt32BE(FINAL_FRAME_MARKER, offset);
  offset = prefix.writeUInt32BE(sequence, offset);
  offset += frameIv(sequence).copy(prefix, offset);
  if (final) prefix.writeUInt32BE(contentLength, offset);
  return prefix;
}

/**
 * The prefix of the frame that must come next. MessageError: FRAME_OUT_OF_ORDER when it is another, MALFORMED when its IV is
 * not its number, FRAME_TOO_LONG when a final frame exceeds the frame length.
 */
export async function readFramePrefix(reader: ByteReader, expected: number, frameLength: number): Promise<FramePosition> {
  let sequence = await readUint32(reader);
  const final = sequence === FINAL_FRAME_MARKER;
  if (final) sequence = await readUint32(reader);
  if (sequence !== expected) throw new MessageError("FRAME_OUT_OF_ORDER", `frame ${sequence} where ${expected} must stand`);
  if (!frameIv(sequence).equals(await reader.read(IV_LENGTH)))
    throw new MessageError("MALFORMED", "the IV is not the frame's number");
  const contentLength = final ? await readUint32(reader) : frameLength;
  if (contentLength > frameLength) throw new MessageError("FRAME_TOO_LONG", `a final frame of more than ${frameLength} bytes`);
  return { sequence, final, contentLength };
}

/** Numbers the frames of one message. MessageError(LIMIT_EXCEEDED) rather than a number or the marker a second time. */
export class FrameCounter {
  #next: number;

  constructor(first = 1) {
    this.#next = first;
  }

  take(final: boolean): number {
    const last = final ? UINT32_MAX : FINAL_FRAME_MARKER - 1;
    if (this.#next > last) throw new MessageError("LIMIT_EXCEEDED", `a message has at most ${UINT32_MAX} frames`);
    return this.#next++;
  }
}

async function readUint32(reader: ByteReader): Promise<number> {
  const bytes = await reader.read(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
