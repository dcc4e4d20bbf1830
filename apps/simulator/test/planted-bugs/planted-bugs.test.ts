// Defends the catalogue itself: an experiment that cannot go red proves nothing. Each bug is put into the built product as its
// processes load it, and the experiment that promises to notice must deviate, at the step that is about it. That the same
// experiments hold without the bug is what the simulate run shows.
import { describe, expect, it } from "vitest";
import type { ExperimentResult, StepRecord } from "../../src/runner/result.js";
import type { Catch, Plant } from "./plant.js";
import { PLANTS } from "./plants/index.js";
import { type PlantedRun, runPlanted } from "./run-planted.js";

const withLong = process.env["EKM_LONG"] === "1";
const cases = PLANTS.flatMap((plant) => plant.caughtBy.map((caught) => ({ plant, caught })));
const chosen = cases.filter(({ caught }) => withLong || caught.long === undefined);

/** What comes after it, the bug may well have spoilt for the harness too. */
const firstNotHeld = ({ steps }: ExperimentResult): StepRecord | undefined =>
  steps.find(({ outcome }) => outcome.kind !== "held");

/** Where the harness failed nothing is concluded, so it is tried once more: on a busy machine a job may end before the act. */
async function conclusive(plant: Plant, caught: Catch): Promise<PlantedRun> {
  const first = await runPlanted(plant, caught);
  return firstNotHeld(first.result)?.outcome.kind === "failed" ? runPlanted(plant, caught) : first;
}

describe.concurrent("a planted bug is noticed", () => {
  it.each(chosen)("$plant.name, by $caught.experiment: $plant.breaks", { timeout: 300_000 }, async ({ plant, caught }) => {
    const { result, plantedIn } = await conclusive(plant, caught);
    expect(plantedIn, "processes that loaded the bug").not.toEqual([]);
    const wrong = firstNotHeld(result);
    expect(wrong, `${caught.experiment} ended "${result.verdict}": ${result.happened}`).toMatchObject({
      phase: caught.phase,
      text: caught.step,
      outcome: { kind: "deviated", happened: expect.stringMatching(caught.happened) },
    });
  });
});

it.each([
  ["gone", "no such text", 0],
  ["ambiguous", "const", 2],
])("a plant whose ground is %s stops the process before the product begins", { timeout: 60_000 }, async (_, find, atLeast) => {
  const [plant] = PLANTS;
  if (plant === undefined) throw new Error("nothing is planted");
  const [caught] = plant.caughtBy;
  const failure = await runPlanted({ ...plant, find }, caught).catch((error: Error) => error.message);
  const [, times] = /cannot be planted: its text is (\d+) times in/.exec(String(failure)) ?? [];
  expect(Number(times)).toBeGreaterThanOrEqual(atLeast);
});
