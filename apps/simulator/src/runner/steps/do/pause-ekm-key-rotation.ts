import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import { pauseEkmKeyRotation as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ pauseEkmKeyRotation: labelName, ...requestFields });

export const pauseEkmKeyRotation: Operation<z.infer<typeof schema>, Act> = {
  key: "pauseEkmKeyRotation",
  schema,
  describe: (step) => `pause rotation ${step.pauseEkmKeyRotation.name}`,
  async run(step, world) {
    const rotation = world.rotations.labelled(step.pauseEkmKeyRotation);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", rotation.account);
    const answer = request(session, { rotationId: rotation.id, ...idempotencyOf(world, step) });
    return perform(`pause of ${step.pauseEkmKeyRotation.name}`, "pauseEkmKeyRotation", answer, () => ({ rotation }));
  },
};
