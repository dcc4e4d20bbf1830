import { z } from "zod";
import { definition } from "../../../experiments/fields.js";
import { snapshotDatabase } from "../../own-stack/database.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ snapshot: definition })
  .meta({ description: "Copies the service's own database as it is now; the value names the copy." });

export const snapshot: TimedAct<z.infer<typeof schema>> = {
  key: "snapshot",
  schema,
  label: (step) => step.snapshot,
  reach: () => "whole-stack",
  describe: (step) => `copy the database as ${step.snapshot.defines}`,
  async run(step, world) {
    await snapshotDatabase(world.ownStack(), world.snapshotFile(step.snapshot.defines));
    return Date.now();
  },
};
