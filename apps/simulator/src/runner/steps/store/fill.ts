import { z } from "zod";
import { definition, size } from "../../../experiments/fields.js";
import { fillDisk } from "../../own-stack/ballast.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ fill: definition, leave: size.optional().meta({ description: "So much stays free; default: nothing." }) })
  .meta({
    description:
      "Fills the disk of the object store; the value names it. Needs given.product.storeSize, and a machine that lets the runner mount a small file system; else the experiment is skipped.",
  });

export const fill: TimedAct<z.infer<typeof schema>> = {
  key: "fill",
  schema,
  label: (step) => step.fill,
  reach: () => "whole-stack",
  describe: () => "fill the store's disk",
  async run(step, world) {
    world.keepHold(step.fill.defines, await fillDisk(world.ownStack(), step.leave ?? 0));
    return Date.now();
  },
};
