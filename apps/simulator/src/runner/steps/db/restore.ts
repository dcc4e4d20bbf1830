import { z } from "zod";
import { definition, labelName } from "../../../experiments/fields.js";
import { restoreDatabase } from "../../own-stack/database.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ restore: labelName, as: definition.optional() })
  .meta({ description: "Stops the service, puts an older copy of its database back, and starts it. The object store stays." });

export const restore: TimedAct<z.infer<typeof schema>> = {
  key: "restore",
  schema,
  reach: () => "whole-stack",
  describe: (step) => `put the database back as of ${step.restore.name}`,
  async run(step, world) {
    await restoreDatabase(world.ownStack(), world.snapshotFile(step.restore.name));
    return Date.now();
  },
};
