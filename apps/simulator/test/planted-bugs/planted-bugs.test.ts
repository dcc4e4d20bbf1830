// Defends the catalogue itself: an experiment that cannot go red proves nothing. Each bug is put into the built product as its
// processes load it, and the experiment that promises to notice must deviate, at the step that is about it. That the same
// experiments hold without the bug is what the simulate run shows.
import { describe, expect, it } from "vitest";
import { PLANTS } from "./plants/index.js";
import { runPlanted } from "./run-planted.js";

const withLong = process.env["EKM_LONG"] === "1";
const cases = PLANTS.flatMap((plant) => plant.caughtBy.map((caught) => ({ plant, caught })));
const chosen = cases.filter(({ caught }) => withLong || caught.long === undefined);

describe.concurrent("a planted bug is noticed", () => {
  it.each(chosen)("$plant.name, by $caught.experiment: $plant.breaks", { timeout: 180_000 }, async ({ plant, caught }) => {
    const { result, plantedIn } = await runPlanted(plant, caught);
    expect(plantedIn, "processes that loaded the bug").not.toEqual([]);
    const failures = result.steps.filter(({ outcome }) => outcome.kind === "failed");
    expect(failures, "steps where the harness failed").toEqual([]);
    const wrong = result.steps.find(({ outcome }) => outcome.kind === "deviated");
    expect(wrong, `${caught.experiment} ended "${result.verdict}": ${result.happened}`).toMatchObject({
      phase: caught.phase,
      text: caught.step,
      outcome: { happened: expect.stringMatching(caught.happened) },
    });
  });
});
