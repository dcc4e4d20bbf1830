// Defends the simulation itself: each of these bugs, put into the source, must be found by one of a bounded number of seeds, and
// for the right reason.
import { describe, expect, it } from "vitest";
import { withPlanted } from "./load-planted.js";
import { PLANTS } from "./plants.js";

const MOST_SEEDS = 2000;

describe("a planted bug is found", () => {
  it.each(PLANTS)("$name", { timeout: 300_000 }, async (plant) => {
    const violation = await withPlanted(plant, async (simulate) => {
      for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
        const simulated = await simulate(seed);
        if (simulated.violation !== undefined) return simulated.violation;
      }
      return `none in ${MOST_SEEDS} seeds`;
    });
    expect(violation).toMatch(plant.found);
  });
});

it("a bug whose text is gone is not planted in silence", async () => {
  const [plant] = PLANTS;
  if (plant === undefined) throw new Error("nothing is planted");
  const planting = withPlanted({ ...plant, find: "no such text" }, async () => "planted");
  await expect(planting).rejects.toThrow("cannot be planted: its text is 0 times in");
});
