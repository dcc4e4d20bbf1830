import { z } from "zod";
import { labelName, role } from "../../../experiments/fields.js";
import { cancelEkmKeyRotation as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({ cancelEkmKeyRotation: labelName, role: role.optional() });

export const cancelEkmKeyRotation: Operation<z.infer<typeof schema>, Act> = {
  key: "cancelEkmKeyRotation",
  schema,
  describe: (step) => `cancel rotation ${step.cancelEkmKeyRotation.name}`,
  async run(step, world) {
    const rotation = world.rotations.labelled(step.cancelEkmKeyRotation);
    const session = await world.session(step.role ?? "ACCOUNT_ADMIN", rotation.account);
    const answer = request(session, { rotationId: rotation.id });
    return perform(`cancel of ${step.cancelEkmKeyRotation.name}`, "cancelEkmKeyRotation", answer, () => ({ rotation }));
  },
};
