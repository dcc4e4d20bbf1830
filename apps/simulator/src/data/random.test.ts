import { expect, it } from "vitest";
import { createRandom } from "./random.js";

const draw = (seed: number, stream: string): string => {
  const random = createRandom(seed, stream);
  return Array.from({ length: 8 }, () => random.uint32()).join();
};

it("random numbers follow from the seed, its upper half too, and from the stream", () => {
  expect(draw(5, "Account")).toBe(draw(5, "Account"));
  expect(new Set([draw(5, "Account"), draw(6, "Account"), draw(5 + 2 ** 32, "Account"), draw(5, "Case")]).size).toBe(4);
});

it("random numbers below a limit reach every value about equally often", () => {
  const random = createRandom(1, "x");
  const counts = new Array<number>(10).fill(0);
  for (let n = 0; n < 100_000; n++) {
    const value = random.below(10);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});
