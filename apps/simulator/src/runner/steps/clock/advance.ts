import { z } from "zod";
import { definition, duration } from "../../../experiments/fields.js";
import { resetProductClock, shiftProductClock } from "../../own-stack/product-clock.js";
import type { TimedAct } from "../acts-step.js";

const schema = z.strictObject({ advance: z.enum(["aws", "product"]), by: duration, as: definition.optional() }).meta({
  description:
    "Moves a clock on. aws: waiting periods end and imported material expires; signatures are checked against the real clock all the same. product: the wall clock of gateway and worker jumps, until the end of the experiment.",
});

export const advance: TimedAct<z.infer<typeof schema>> = {
  key: "advance",
  schema,
  reach: () => "whole-stack",
  describe: (step) => `move the clock of ${step.advance === "aws" ? "AWS" : "the product"} on`,
  async run(step, world) {
    if (step.advance === "aws") return Date.parse((await world.target.control.clock.set({ advanceMs: step.by })).effectiveAt);
    const stack = world.ownStack();
    await shiftProductClock(stack, step.by);
    world.atEnd(() => resetProductClock(stack));
    return Date.now();
  },
};
