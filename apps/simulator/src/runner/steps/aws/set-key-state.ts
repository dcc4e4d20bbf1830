import { KEY_STATES } from "@ekm/mock-aws";
import { z } from "zod";
import { definition, duration, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { setKeyCondition } from "./on-key.js";

const schema = z
  .strictObject({
    setKeyState: keyName,
    state: z.enum(KEY_STATES),
    visibleAfter: duration.optional(),
    as: definition.optional(),
  })
  .meta({ description: "Puts a key into any state, those included that no owner can ask for: Unavailable, Creating, Updating." });

export const setKeyState: TimedAct<z.infer<typeof schema>> = {
  key: "setKeyState",
  schema,
  describe: (step) => `key ${step.setKeyState.name} becomes ${step.state}`,
  run: ({ setKeyState: key, state, visibleAfter }, world) => setKeyCondition(world, key, { state, visibleAfterMs: visibleAfter }),
};
