import { z } from "zod";
import { actExpectation, judgeAct } from "./act-expectation.js";
import { DO_OPERATIONS, doOperation } from "./do/operations.js";
import { chosen, type StepKind } from "./step.js";

const schema = z
  .strictObject({ do: doOperation, expect: actExpectation.optional() })
  .meta({ description: "Asks the product for something, as a caller with a role. With no expectation it must be accepted." });

export const doStep: StepKind<z.infer<typeof schema>> = {
  key: "do",
  schema,
  describe: (step) => chosen(DO_OPERATIONS, step.do).describe(step.do),
  async run(step, world) {
    const act = await chosen(DO_OPERATIONS, step.do).run(step.do, world);
    return judgeAct(act, step.expect ?? {}, world);
  },
};
