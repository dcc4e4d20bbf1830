const REGULAR_FRAME = Buffer.from("AWSKMSEncryptionClient Frame");
const FINAL_FRAME = Buffer.from("AWSKMSEncryptionClient Final Frame");

export interface FramePosition {
  /** From 1. */
  readonly sequence: number;
  readonly final: boolean;
  readonly contentLength: number;
}

/** AAD of a frame: message id, content string, sequence number (u32), content length (u64). */
export function bodyAad(messageId: Uint8Array, { sequence, final, contentLength }: FramePosition): Buffer {
  const position = Buffer.alloc(12);
  position.writeUInt32BE(sequence, 0);
  position.writeBigUInt64BE(BigInt(contentLength), 4);
  return Buffer.concat([messageId, final ? FINAL_FRAME : REGULAR_FRAME, position]);
}
