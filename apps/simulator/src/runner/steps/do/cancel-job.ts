import { z } from "zod";
import { labelName } from "../../../experiments/fields.js";
import { cancelJob as request } from "../../../product/jobs.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ cancelJob: labelName, ...requestFields });

export const cancelJob: Operation<z.infer<typeof schema>, Act> = {
  key: "cancelJob",
  schema,
  describe: (step) => `cancel ${step.cancelJob.name}`,
  async run(step, world) {
    const job = world.jobs.labelled(step.cancelJob);
    const session = await sessionOf(world, step, "BACKUP_OPERATOR", job.account);
    return perform(
      `cancelling of ${step.cancelJob.name}`,
      "cancelJob",
      request(session, { jobId: job.id, ...idempotencyOf(world, step) }),
      () => ({ job }),
    );
  },
};
