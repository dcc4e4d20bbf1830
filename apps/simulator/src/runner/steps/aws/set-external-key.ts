import { EXTERNAL_KEY_CONDITIONS } from "@ekm/mock-aws";
import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";
import { setKeyCondition } from "./on-key.js";

const schema = z
  .strictObject({ setExternalKey: keyName, condition: z.enum(EXTERNAL_KEY_CONDITIONS), as: definition.optional() })
  .meta({ description: "How the key outside AWS answers, behind a key in an external key store. The KMS key stays Enabled." });

export const setExternalKey: TimedAct<z.infer<typeof schema>> = {
  key: "setExternalKey",
  schema,
  describe: (step) => `the external key of ${step.setExternalKey.name} is ${step.condition}`,
  run: (step, world) => setKeyCondition(world, step.setExternalKey, { externalKey: step.condition }),
};
