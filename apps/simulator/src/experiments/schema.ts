import { z } from "zod";
import { given } from "../runner/given/schema.js";
import { type Step, stepSchema } from "../runner/steps/registry.js";
import { NAME } from "./moment.js";

/** An experiment file. JSON Schema is generated from this: what can be written is what is described here. */
export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().regex(NAME, "a name: lower-case letters, digits and hyphens, a letter first"),
    title: z.string().min(1).meta({ description: "The claim that the experiment tests, as a sentence." }),
    tags: z.array(z.string().regex(NAME)).default([]),
    proves: z.array(z.string().regex(NAME)).default([]).meta({ description: "Requirements, such as brief-10." }),
    isolation: z.enum(["account", "stack"]).default("account").meta({
      description: "account: may run beside others on one stack. stack: needs a stack of its own.",
    }),
    outcome: z.enum(["recovers", "unrecoverable"]).default("recovers"),
    given: given.prefault({}),
    "steady-state": z.array(stepSchema).default([]).meta({
      description: "Must hold before the method, and again after the rollback (unless the outcome is unrecoverable).",
    }),
    method: z.array(stepSchema).min(1),
    rollback: z.array(stepSchema).default([]).meta({ description: "Runs whatever happened, an interruption included." }),
    promised: z.array(stepSchema).default([]).meta({ description: "What must still hold where the outcome is unrecoverable." }),
  })
  .meta({
    title: "Experiment",
    description: "A failure of a customer's key, or of the world around it, and what the product makes of it.",
  });

export type Experiment = z.infer<typeof experimentSchema>;

export const PHASES = ["steady-state", "method", "rollback", "promised"] as const;

export function stepsOf(experiment: Experiment): readonly Step[] {
  return PHASES.flatMap((phase) => experiment[phase]);
}
