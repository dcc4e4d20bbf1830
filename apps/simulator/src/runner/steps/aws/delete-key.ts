import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { onKey, setKeyCondition } from "./on-key.js";

const schedule = z.strictObject({
  scheduleKeyDeletion: keyName,
  days: z.number().int().min(7).max(30).default(7),
  error: z.enum(["KMSInvalidState", "Disabled"]).optional().meta({
    description: "With which of the two exceptions that AWS documents for it the key refuses; default KMSInvalidState.",
  }),
  as: definition.optional(),
});
const cancel = z
  .strictObject({ cancelKeyDeletion: keyName, as: definition.optional() })
  .meta({ description: "The key is then disabled, as in AWS: enableKey follows." });
const destroy = z
  .strictObject({ deleteKey: keyName, as: definition.optional() })
  .meta({ description: "As after the waiting period: the key is gone." });

export const scheduleKeyDeletion: TimedAct<z.infer<typeof schedule>> = {
  key: "scheduleKeyDeletion",
  schema: schedule,
  describe: (step) => `schedule deletion of key ${step.scheduleKeyDeletion.name}`,
  async run({ scheduleKeyDeletion: key, days, error }, world) {
    if (error !== undefined) await setKeyCondition(world, key, { pendingDeletionError: error });
    return onKey(world, key, "ScheduleKeyDeletion", { PendingWindowInDays: days });
  },
};

export const cancelKeyDeletion: TimedAct<z.infer<typeof cancel>> = {
  key: "cancelKeyDeletion",
  schema: cancel,
  describe: (step) => `cancel deletion of key ${step.cancelKeyDeletion.name}`,
  run: (step, world) => onKey(world, step.cancelKeyDeletion, "CancelKeyDeletion"),
};

export const deleteKey: TimedAct<z.infer<typeof destroy>> = {
  key: "deleteKey",
  schema: destroy,
  describe: (step) => `delete key ${step.deleteKey.name}`,
  run: (step, world) => setKeyCondition(world, step.deleteKey, { state: "Deleted" }),
};
