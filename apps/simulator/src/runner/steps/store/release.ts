import { z } from "zod";
import { definition, labelName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ release: labelName, as: definition.optional() })
  .meta({ description: "There is room on the disk again. What is still full at the end is emptied." });

export const release: TimedAct<z.infer<typeof schema>> = {
  key: "release",
  schema,
  reach: () => "whole-stack",
  describe: () => "make room on the store's disk",
  async run(step, world) {
    await world.hold(step.release)();
    return Date.now();
  },
};
