import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import { cancelEkmKeyRotation as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ cancelEkmKeyRotation: labelName, ...requestFields });

export const cancelEkmKeyRotation: Operation<z.infer<typeof schema>, Act> = {
  key: "cancelEkmKeyRotation",
  schema,
  describe: (step) => `cancel rotation ${step.cancelEkmKeyRotation.name}`,
  async run(step, world) {
    const rotation = world.rotations.labelled(step.cancelEkmKeyRotation);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", rotation.account);
    const answer = request(session, { rotationId: rotation.id, ...idempotencyOf(world, step) });
    return perform(`cancel of ${step.cancelEkmKeyRotation.name}`, "cancelEkmKeyRotation", answer, () => ({ rotation }));
  },
};
