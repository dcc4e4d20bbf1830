import type { KeyGeneration, KeyWrap } from "./generation.js";

interface Keys {
  readonly generations: readonly KeyGeneration[];
  readonly wraps: readonly KeyWrap[];
}

/**
 * The check values of the generations that enabling left under the vendor's key, by number. One that a rotation could move after all
 * is no longer among them.
 */
export function leftBehind({ generations, wraps }: Keys, vendorArn: string | undefined): ReadonlyMap<number, string> {
  const moved = new Set(
    wraps.filter(({ state, keyArn }) => state === "CURRENT" && keyArn !== vendorArn).map(({ generation }) => generation),
  );
  const left = generations.filter(({ generation, leftBecause }) => leftBecause !== undefined && !moved.has(generation));
  return new Map(left.map(({ generation, checkValue }) => [generation, checkValue]));
}
