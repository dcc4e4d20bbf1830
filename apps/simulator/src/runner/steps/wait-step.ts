import { z } from "zod";
import {
  accountName,
  healthState,
  jobStatus,
  labelName,
  moment,
  percent,
  rotationStatus,
  size,
  span,
} from "../../experiments/fields.js";
import { isFinal } from "../jobs.js";
import { HarnessFailure, HELD } from "../outcome.js";
import type { StepKind } from "./step.js";
import { waitForHealth } from "./wait-for-health.js";

const schema = z
  .strictObject({
    wait: z.union([
      span,
      z.strictObject({ until: moment }),
      z.strictObject({
        job: labelName,
        bytesDone: z.union([percent.transform((fraction) => ({ fraction })), size]),
        within: span.optional(),
      }),
      z.strictObject({ job: labelName, status: jobStatus, within: span.optional() }),
      z.strictObject({ health: accountName, state: healthState, within: span.optional() }),
      z.strictObject({ rotation: labelName, status: rotationStatus, within: span.optional() }),
    ]),
  })
  .meta({
    description:
      "Lets time pass, or waits until a job has come so far. A job that ends first makes the run inconclusive, not the product wrong.",
  });

const LIMIT_MS = 120_000;

export const waitStep: StepKind<z.infer<typeof schema>> = {
  key: "wait",
  schema,
  describe: ({ wait }) =>
    "health" in wait
      ? `wait until ${wait.health.name}'s key is ${wait.state}`
      : "job" in wait
        ? `wait for ${wait.job.name}`
        : "rotation" in wait
          ? `wait for ${wait.rotation.name} ${wait.status}`
          : "wait",
  async run({ wait }, world) {
    if ("health" in wait) return waitForHealth(wait, world);
    if ("rotation" in wait) {
      const deadline = Date.now() + (wait.within ? world.spanMs(wait.within) : LIMIT_MS);
      const tracked = world.rotations.labelled(wait.rotation);
      const { status } = await world.rotations.waitFor(tracked, (rotation) => rotation.status === wait.status, deadline);
      if (status === wait.status) return HELD;
      throw new HarnessFailure(`The situation never arose: ${wait.rotation.name} is ${status}.`);
    }
    if (!("job" in wait)) {
      await world.sleep("until" in wait ? world.momentMs(wait.until) - Date.now() : world.spanMs(wait));
      return HELD;
    }
    const job = world.jobs.labelled(wait.job);
    const deadline = Date.now() + (wait.within ? world.spanMs(wait.within) : LIMIT_MS);
    const state = await world.jobs.waitFor(
      job,
      ({ status, progress }) => {
        if ("status" in wait) return status === wait.status;
        const done = Number(progress.bytesDone);
        const wanted =
          typeof wait.bytesDone === "number"
            ? wait.bytesDone
            : wait.bytesDone.fraction * Number(progress.bytesTotal ?? Number.NaN);
        return done > 0 && done >= wanted;
      },
      deadline,
    );
    const { bytesDone, bytesTotal } = state.progress;
    if ("status" in wait && state.status === wait.status) return HELD;
    if ("bytesDone" in wait && !isFinal(state) && (bytesTotal === null || BigInt(bytesDone) < BigInt(bytesTotal))) return HELD;
    throw new HarnessFailure(
      `The situation never arose: ${wait.job.name} is ${state.status} with ${bytesDone} of ${bytesTotal ?? "unknown"} bytes done.`,
    );
  },
};
