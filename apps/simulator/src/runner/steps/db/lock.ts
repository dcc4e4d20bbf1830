import { z } from "zod";
import { definition, duration } from "../../../experiments/fields.js";
import { lockWrites } from "../../own-stack/database.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ lock: definition, for: duration.optional().meta({ description: "Let go by itself after so long." }) })
  .meta({ description: "Another process holds the database's lock for writing until it is let go; the value names it." });

export const lock: TimedAct<z.infer<typeof schema>> = {
  key: "lock",
  schema,
  label: (step) => step.lock,
  reach: () => "whole-stack",
  describe: () => "lock the database for writing",
  async run(step, world) {
    const release = await lockWrites(world.ownStack());
    world.keepHold(step.lock.defines, release);
    if (step.for !== undefined) setTimeout(() => void release(), step.for).unref();
    return Date.now();
  },
};
