import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { onKey } from "./on-key.js";

const onDemand = z
  .strictObject({ rotateKeyOnDemand: keyName, as: definition.optional() })
  .meta({ description: "AWS's own rotation: new material under the same ARN. The product has nothing to do." });
const yearly = z
  .strictObject({
    enableKeyRotation: keyName,
    periodInDays: z.number().int().min(90).max(2560).default(365),
    as: definition.optional(),
  })
  .meta({ description: "AWS rotates the material by itself from then on, on AWS's clock." });

export const rotateKeyOnDemand: TimedAct<z.infer<typeof onDemand>> = {
  key: "rotateKeyOnDemand",
  schema: onDemand,
  describe: (step) => `AWS rotates the material of ${step.rotateKeyOnDemand.name}`,
  run: (step, world) => onKey(world, step.rotateKeyOnDemand, "RotateKeyOnDemand"),
};

export const enableKeyRotation: TimedAct<z.infer<typeof yearly>> = {
  key: "enableKeyRotation",
  schema: yearly,
  describe: (step) => `automatic rotation of ${step.enableKeyRotation.name}`,
  run: (step, world) => onKey(world, step.enableKeyRotation, "EnableKeyRotation", { RotationPeriodInDays: step.periodInDays }),
};
