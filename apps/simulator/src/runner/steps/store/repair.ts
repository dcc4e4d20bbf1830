import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import { repairFile } from "../../own-stack/damage.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ repair: labelName })
  .meta({ description: "Puts a damaged object back as it was, as from a second copy of the store." });

export const repair: TimedAct<z.infer<typeof schema>> = {
  key: "repair",
  schema,
  reach: () => "own-stack",
  describe: (step) => `repair ${step.repair.name}`,
  async run(step, world) {
    await repairFile(world.damaged(step.repair));
    return Date.now();
  },
};
