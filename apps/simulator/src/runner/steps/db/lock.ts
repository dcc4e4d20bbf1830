import { z } from "zod";
import { definition } from "../../../experiments/fields.js";
import { lockWrites } from "../../own-stack/database.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ lock: definition })
  .meta({ description: "Another process holds the database's lock for writing until it is let go; the value names it." });

export const lock: TimedAct<z.infer<typeof schema>> = {
  key: "lock",
  schema,
  label: (step) => step.lock,
  reach: () => "whole-stack",
  describe: () => "lock the database for writing",
  async run(step, world) {
    world.keepHold(step.lock.defines, await lockWrites(world.ownStack()));
    return Date.now();
  },
};
