import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import { resumeEkmKeyRotation as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ resumeEkmKeyRotation: labelName, ...requestFields });

export const resumeEkmKeyRotation: Operation<z.infer<typeof schema>, Act> = {
  key: "resumeEkmKeyRotation",
  schema,
  describe: (step) => `resume rotation ${step.resumeEkmKeyRotation.name}`,
  async run(step, world) {
    const rotation = world.rotations.labelled(step.resumeEkmKeyRotation);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", rotation.account);
    const answer = request(session, { rotationId: rotation.id, ...idempotencyOf(world, step) });
    return perform(`resume of ${step.resumeEkmKeyRotation.name}`, "resumeEkmKeyRotation", answer, () => ({ rotation }));
  },
};
