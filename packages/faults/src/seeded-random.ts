import { createHash } from "node:crypto";

/** A number in [0, 1) that depends on the parts alone: no state, so concurrent callers cannot disturb one another. */
export function seededRandom(...parts: readonly (string | number)[]): number {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = Buffer.from(String(part));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest().readUIntBE(0, 6) / 2 ** 48;
}
