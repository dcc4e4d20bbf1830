import { z } from "zod";
import { backupName, definition } from "../../../experiments/fields.js";
import { DAMAGES, damageFile } from "../../own-stack/damage.js";
import { objectOfBackup } from "../../own-stack/object-files.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({
    damage: backupName,
    object: z.enum(["data", "manifest"]).default("data").meta({ description: "data: the largest of the backup's objects." }),
    how: z.enum(DAMAGES).default("flip"),
    as: definition.optional(),
  })
  .meta({ description: "Damages one object of a backup in the store: one bit in its middle, its second half, or the whole." });

export const damage: TimedAct<z.infer<typeof schema>> = {
  key: "damage",
  schema,
  reach: () => "own-stack",
  describe: (step) => `${step.how} ${step.object === "data" ? "an object" : "the manifest"} of ${step.damage.name}`,
  async run(step, world) {
    const backup = await world.jobs.backup(step.damage);
    world.keepDamage(step.as?.defines, await damageFile(await objectOfBackup(world, backup, step.object), step.how));
    return Date.now();
  },
};
