/**
 * A seeded generator of numbers (sfc32): fast, and the same on every machine. For test data only, never for keys.
 * `stream` separates independent sequences of one seed, so that one object's rows do not move when another's change.
 */
export interface Random {
  /** A whole number, 0 <= n < 2^32. */
  uint32(): number;
  /** A whole number, 0 <= n < limit. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function createRandom(seed: number, stream: string): Random {
  let a = seed >>> 0;
  let b = hash(stream);
  let c = Math.trunc(seed / 2 ** 32) >>> 0;
  let counter = 1;
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) uint32();
  const below = (limit: number): number => Math.floor((uint32() / 2 ** 32) * limit);
  return { uint32, below, pick: (items) => items[below(items.length)] ?? items[0] };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
