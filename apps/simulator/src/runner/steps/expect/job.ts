import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { errorCode, jobStatus, keyName, labelName, span } from "../../../experiments/fields.js";
import type { StepOutcome } from "../../outcome.js";
import { jobFinding } from "../act-expectation.js";
import { askedFor, outcomeOf } from "../finding.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    job: labelName,
    status: jobStatus,
    code: errorCode.optional(),
    refusedBy: keyName.optional().meta({ description: "The key that its problem names." }),
    cause: z.string().optional().meta({ description: "A part of what its problem gives as possible causes." }),
    retryable: z.boolean().optional(),
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
    const { problem } = state;
    const causes = problem?.possibleCauses.join("; ") || "no cause";
    const cause = step.cause !== undefined && causes.includes(step.cause) ? step.cause : causes;
    return outcomeOf(step.job.name, [
      jobFinding(state, step.status, step.code),
      ...askedFor([
        ["refused by", step.refusedBy?.name, problem?.keyArn ? world.nameOfKey(problem.keyArn) : "no key"],
        ["possibly because of:", step.cause, cause],
        ["retryable", step.retryable?.toString(), String(problem?.retryable ?? "no problem")],
      ]),
      { wanted: "in time", found: `after ${formatDuration(Date.now() - from)}`, met: true },
    ]);
  },
};
