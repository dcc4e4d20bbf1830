import { z } from "zod";
import { EXPECTATIONS, expectation } from "./expect/expectations.js";
import { chosen, type StepKind } from "./step.js";

const schema = z.strictObject({ expect: expectation }).meta({ description: "Looks, and compares with what is expected." });

export const expectStep: StepKind<z.infer<typeof schema>> = {
  key: "expect",
  schema,
  describe: (step) => `expect ${chosen(EXPECTATIONS, step.expect).describe(step.expect)}`,
  run: (step, world) => chosen(EXPECTATIONS, step.expect).run(step.expect, world),
};
