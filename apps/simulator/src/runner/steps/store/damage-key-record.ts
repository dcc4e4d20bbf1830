import { z } from "zod";
import { accountName, definition } from "../../../experiments/fields.js";
import { DAMAGES, damageFile } from "../../own-stack/damage.js";
import { keyRecordOf } from "../../own-stack/object-files.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({ damageKeyRecord: accountName, how: z.enum(DAMAGES).default("flip"), as: definition.optional() })
  .meta({ description: "Damages the copy of the account's youngest wrapped key that lies beside its backups." });

export const damageKeyRecord: TimedAct<z.infer<typeof schema>> = {
  key: "damageKeyRecord",
  schema,
  reach: () => "own-stack",
  describe: (step) => `${step.how} the key record of ${step.damageKeyRecord.name}`,
  async run(step, world) {
    const file = await keyRecordOf(world, world.account(step.damageKeyRecord));
    world.keepDamage(step.as?.defines, await damageFile(file, step.how));
    return Date.now();
  },
};
