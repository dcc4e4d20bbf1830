/** Where the parts of a message stand, computed from the format's description alone. */
export interface MessageMap {
  readonly header: readonly [start: number, end: number];
  readonly frames: readonly (readonly [start: number, end: number])[];
}

export function mapMessage(message: Buffer, frameLength: number): MessageMap {
  const contextLength = message.readUInt16BE(35);
  let offset = 37 + contextLength + 2;
  for (let field = 0; field < 3; field++) offset += 2 + message.readUInt16BE(offset);
  const headerEnd = offset + 1 + 4 + 32 + 16;
  const frames: (readonly [number, number])[] = [];
  for (let start = headerEnd; start < message.length; ) {
    const final = message.readUInt32BE(start) === 0xffff_ffff;
    const end = start + (final ? 24 + message.readUInt32BE(start + 20) : 16 + frameLength) + 16;
    frames.push([start, end]);
    start = end;
  }
  return { header: [0, headerEnd], frames };
}

/** Header and frames as buffers, to be put together anew. */
export function cutMessage(message: Buffer, frameLength: number): { header: Buffer; frames: Buffer[] } {
  const map = mapMessage(message, frameLength);
  return { header: message.subarray(...map.header), frames: map.frames.map(([start, end]) => message.subarray(start, end)) };
}
