import { z } from "zod";
import { formatDuration } from "../../experiments/duration.js";
import { duration, labelName, span } from "../../experiments/fields.js";
import type { StepOutcome } from "../outcome.js";
import type { World } from "../world.js";
import { actExpectation, judgeAct } from "./act-expectation.js";
import { DO_OPERATIONS, doOperation } from "./do/operations.js";
import { EXPECTATIONS, expectation } from "./expect/expectations.js";
import { chosen, type StepKind } from "./step.js";

const timing = {
  within: span,
  after: labelName.optional().meta({ description: "Count from when that act took effect; default: from this step." }),
  every: duration.optional().meta({ description: "Pause between attempts; default 100ms." }),
};
const schema = z
  .strictObject({
    eventually: z.union([
      z.strictObject({ do: doOperation, expect: actExpectation, ...timing }),
      z.strictObject({ expect: expectation, ...timing }),
    ]),
  })
  .meta({
    description: "Repeats until what is expected holds. An attempt that begins after `within` is the last: it must hold.",
  });
type Repeated = z.infer<typeof schema>["eventually"];

const PAUSE_MS = 100;

export const eventuallyStep: StepKind<z.infer<typeof schema>> = {
  key: "eventually",
  schema,
  describe: ({ eventually }) =>
    `until it holds: ${"do" in eventually ? chosen(DO_OPERATIONS, eventually.do).describe(eventually.do) : chosen(EXPECTATIONS, eventually.expect).describe(eventually.expect)}`,
  async run({ eventually }, world) {
    const from = eventually.after ? world.momentMs({ label: eventually.after.name, plus: { ms: 0, named: [] } }) : Date.now();
    const deadline = from + world.spanMs(eventually.within);
    for (;;) {
      const startedAt = Date.now();
      const outcome = await attempt(eventually, world);
      if (outcome.kind === "held")
        return { kind: "held", happened: `${outcome.happened ?? "held"} after ${formatDuration(Date.now() - from)}` };
      if (startedAt >= deadline)
        return { ...outcome, happened: `${outcome.happened}, still after ${formatDuration(startedAt - from)}` };
      await world.sleep(Math.min(eventually.every ?? PAUSE_MS, Math.max(0, deadline - Date.now())));
    }
  },
};

async function attempt(repeated: Repeated, world: World): Promise<StepOutcome> {
  if (!("do" in repeated)) return chosen(EXPECTATIONS, repeated.expect).run(repeated.expect, world);
  const act = await chosen(DO_OPERATIONS, repeated.do).run(repeated.do, world);
  return judgeAct(act, repeated.expect, world);
}
