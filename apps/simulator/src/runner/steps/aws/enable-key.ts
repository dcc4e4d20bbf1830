import { z } from "zod";
import { definition, duration, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { onKey, setKeyCondition } from "./on-key.js";

const visibleAfter = duration
  .optional()
  .meta({ description: "Callers see the change this much later, as AWS's propagation has it; the moment is counted from then." });
const disable = z.strictObject({ disableKey: keyName, visibleAfter, as: definition.optional() });
const enable = z.strictObject({ enableKey: keyName, visibleAfter, as: definition.optional() });

export const disableKey: TimedAct<z.infer<typeof disable>> = {
  key: "disableKey",
  schema: disable,
  describe: (step) => `disable key ${step.disableKey.name}`,
  run: ({ disableKey: key, visibleAfter: later }, world) =>
    later === undefined
      ? onKey(world, key, "DisableKey")
      : setKeyCondition(world, key, { state: "Disabled", visibleAfterMs: later }),
};

export const enableKey: TimedAct<z.infer<typeof enable>> = {
  key: "enableKey",
  schema: enable,
  describe: (step) => `enable key ${step.enableKey.name}`,
  run: ({ enableKey: key, visibleAfter: later }, world) =>
    later === undefined
      ? onKey(world, key, "EnableKey")
      : setKeyCondition(world, key, { state: "Enabled", visibleAfterMs: later }),
};
