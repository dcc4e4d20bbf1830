import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import { policy } from "../../given/policy.js";
import { putPolicy } from "../../given/put-policy.js";
import type { TimedAct } from "../acts-step.js";

const schema = z.strictObject({ putKeyPolicy: keyName, policy, as: definition.optional() });

export const putKeyPolicy: TimedAct<z.infer<typeof schema>> = {
  key: "putKeyPolicy",
  schema,
  describe: (step) =>
    `give key ${step.putKeyPolicy.name} the policy ${typeof step.policy === "string" ? step.policy : "of its own statements"}`,
  run: (step, world) => putPolicy(world, world.key(step.putKeyPolicy), step.policy),
};
