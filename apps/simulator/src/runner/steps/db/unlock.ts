import { z } from "zod";
import { definition, labelName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ unlock: labelName, as: definition.optional() })
  .meta({ description: "Lets go of a lock. What is still held at the end is let go." });

export const unlock: TimedAct<z.infer<typeof schema>> = {
  key: "unlock",
  schema,
  reach: () => "whole-stack",
  describe: () => "let go of the database",
  async run(step, world) {
    await world.hold(step.unlock)();
    return Date.now();
  },
};
