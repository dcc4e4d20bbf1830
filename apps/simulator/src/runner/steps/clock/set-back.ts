import { z } from "zod";
import { definition, duration } from "../../../experiments/fields.js";
import { resetProductClock, shiftProductClock } from "../../own-stack/product-clock.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ setBack: z.literal("product"), by: duration, as: definition.optional() })
  .meta({ description: "The wall clock of gateway and worker jumps back. AWS's clock never does." });

export const setBack: TimedAct<z.infer<typeof schema>> = {
  key: "setBack",
  schema,
  reach: () => "whole-stack",
  describe: () => "set the clock of the product back",
  async run(step, world) {
    const stack = world.ownStack();
    await shiftProductClock(stack, -step.by);
    world.atEnd(() => resetProductClock(stack));
    return Date.now();
  },
};
