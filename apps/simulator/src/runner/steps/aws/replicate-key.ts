import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { onKey } from "./on-key.js";

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS Region such as eu-west-1");
const replicate = z
  .strictObject({ replicateKey: keyName, to: region, as: definition.optional() })
  .meta({ description: "Of a key of kind multi-region. A replica that a later step names is a key of kind replica instead." });
const promote = z
  .strictObject({ updatePrimaryRegion: keyName, to: region, as: definition.optional() })
  .meta({ description: "The replica in that Region becomes the primary." });

export const replicateKey: TimedAct<z.infer<typeof replicate>> = {
  key: "replicateKey",
  schema: replicate,
  describe: (step) => `replicate key ${step.replicateKey.name} to ${step.to}`,
  run: (step, world) => onKey(world, step.replicateKey, "ReplicateKey", { ReplicaRegion: step.to }),
};

export const updatePrimaryRegion: TimedAct<z.infer<typeof promote>> = {
  key: "updatePrimaryRegion",
  schema: promote,
  describe: (step) => `the primary of ${step.updatePrimaryRegion.name} moves to ${step.to}`,
  run: (step, world) => onKey(world, step.updatePrimaryRegion, "UpdatePrimaryRegion", { PrimaryRegion: step.to }),
};
