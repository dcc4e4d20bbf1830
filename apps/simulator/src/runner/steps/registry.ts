import { z } from "zod";
import { awsStep } from "./aws-step.js";
import { clockStep } from "./clock-step.js";
import { dbStep } from "./db-step.js";
import { doStep } from "./do-step.js";
import { eventuallyStep } from "./eventually-step.js";
import { expectStep } from "./expect-step.js";
import { faultStep } from "./fault-step.js";
import { listenStep } from "./listen-step.js";
import { processStep } from "./process-step.js";
import { chosen, type Reach, type StepKind } from "./step.js";
import { storeStep } from "./store-step.js";
import { waitStep } from "./wait-step.js";

/** `do` stands before `expect`: a `do` step has both keys. */
export const STEP_KINDS: readonly StepKind<object>[] = [
  doStep,
  eventuallyStep,
  awsStep,
  faultStep,
  processStep,
  storeStep,
  dbStep,
  clockStep,
  listenStep,
  waitStep,
  expectStep,
];

export const stepSchema = z.union(STEP_KINDS.map(({ schema }) => schema));
export type Step = z.infer<typeof stepSchema>;

export function reachOf(step: Step): Reach {
  return chosen(STEP_KINDS, step).reach?.(step) ?? "account";
}
