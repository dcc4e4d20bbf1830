import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import type { StepOutcome } from "../../outcome.js";
import { judgeCopy } from "../act-expectation.js";
import { outcomeOf } from "../finding.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({ identical: labelName })
  .meta({ description: "What a restore put into its directory still equals the source, byte for byte." });

export const expectIdentical: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "identical",
  schema,
  describe: (step) => `${step.identical.name} equals its source`,
  run: async (step, world) => outcomeOf(step.identical.name, [await judgeCopy(world.jobs.labelled(step.identical), true, world)]),
};
