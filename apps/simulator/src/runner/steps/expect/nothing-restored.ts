import { access } from "node:fs/promises";
import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({ nothingRestored: labelName })
  .meta({ description: "The target directory of that restore does not exist: a refused restore leaves nothing there." });

export const expectNothingRestored: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "nothingRestored",
  schema,
  describe: (step) => `${step.nothingRestored.name} left nothing`,
  async run(step, world) {
    const { target } = world.jobs.labelled(step.nothingRestored);
    const exists =
      target !== undefined &&
      (await access(target).then(
        () => true,
        () => false,
      ));
    return exists
      ? { kind: "deviated", expected: `${step.nothingRestored.name} leaves no target`, happened: "the target is there" }
      : { kind: "held", happened: `${step.nothingRestored.name} left nothing at its target` };
  },
};
