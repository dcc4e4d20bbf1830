import { createHash } from "node:crypto";
import type { ManifestObject } from "../manifest/manifest.js";

/** `percent` of the objects, rounded up, in their order: those that come first by a hash of the seed and their number. */
export function sampleOf(objects: readonly ManifestObject[], percent: number, seed: string): readonly ManifestObject[] {
  const size = Math.ceil((objects.length * percent) / 100);
  if (size >= objects.length) return objects;
  const ranked = objects.map((object) => ({ object, rank: rankOf(seed, object.number) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked
    .slice(0, size)
    .map(({ object }) => object)
    .sort((a, b) => a.number - b.number);
}

const rankOf = (seed: string, number: number): string =>
  createHash("sha256")
    .update(JSON.stringify([seed, number]))
    .digest("hex");
