/** Fills with zeros. By way of Buffer, whose `fill` is a memset: that of a plain Uint8Array takes twenty times as long. */
export function overwrite(bytes: Uint8Array): void {
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).fill(0);
}
