import { z } from "zod";
import { labelName, moment, span } from "../../../experiments/fields.js";
import { isFinal } from "../../jobs.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import type { World } from "../../world.js";
import { outcomeOf } from "../finding.js";
import { judgeDuration } from "../judge-duration.js";
import type { Operation } from "../step.js";

const limits = { atLeast: span.optional(), atMost: span.optional() };
const schema = z
  .strictObject({
    duration: z.union([labelName, z.strictObject({ from: moment, to: moment })]),
    ...limits,
  })
  .meta({ description: "How long a job that has ended took by its own account, or how long it was between two labelled acts." });

export const expectDuration: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "duration",
  schema,
  describe: ({ duration }) => ("from" in duration ? `the time to ${duration.to.label}` : `the time that ${duration.name} took`),
  async run({ duration, ...wanted }, world) {
    if ("from" in duration) {
      const ms = world.momentMs(duration.to) - world.momentMs(duration.from);
      return outcomeOf(`${duration.from.label} to ${duration.to.label}`, [judgeDuration(ms, wanted, world)]);
    }
    return outcomeOf(duration.name, [judgeDuration(await jobMs(world, duration), wanted, world)]);
  },
};

async function jobMs(world: World, reference: z.infer<typeof labelName>): Promise<number> {
  const { startedAt, finishedAt, ...state } = await world.jobs.read(world.jobs.labelled(reference));
  if (isFinal({ ...state, startedAt, finishedAt }) && startedAt && finishedAt)
    return Date.parse(finishedAt) - Date.parse(startedAt);
  throw new HarnessFailure(`The situation never arose: ${reference.name} has not ended.`);
}
