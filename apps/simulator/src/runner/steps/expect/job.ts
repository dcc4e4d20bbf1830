import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { errorCode, jobStatus, labelName, span } from "../../../experiments/fields.js";
import type { StepOutcome } from "../../outcome.js";
import { jobFinding } from "../act-expectation.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    job: labelName,
    status: jobStatus,
    code: errorCode.optional(),
    within: span.optional(),
    after: labelName.optional(),
  })
  .meta({
    description: "A job that was started with `as` reaches a status; `within` counts from `after`, or from now (default 2m).",
  });

const DEFAULT_MS = 120_000;

export const expectJob: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "job",
  schema,
  describe: (step) => `${step.job.name} ${step.status}`,
  async run(step, world) {
    const job = world.jobs.labelled(step.job);
    const from = step.after ? world.momentMs({ label: step.after.name, plus: { ms: 0, named: [] } }) : Date.now();
    const deadline = from + (step.within ? world.spanMs(step.within) : DEFAULT_MS);
    const state = await world.jobs.waitFor(job, ({ status }) => status === step.status, deadline);
    const { met, wanted, found } = jobFinding(state, step.status, step.code);
    const elapsed = formatDuration(Date.now() - from);
    if (!met)
      return { kind: "deviated", expected: `${step.job.name} ${wanted}`, happened: `${step.job.name} ${found} after ${elapsed}` };
    return { kind: "held", happened: `${step.job.name} ${found} after ${elapsed}` };
  },
};
