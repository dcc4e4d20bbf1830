import { z } from "zod";
import { definition } from "../../experiments/fields.js";
import type { SupervisedProcess } from "../../stack/supervised-process.js";
import { markedAct } from "../measure/marked-act.js";
import { HarnessFailure, HELD } from "../outcome.js";
import type { StepKind } from "./step.js";

const which = z.enum(["worker", "gateway"]);
const label = { as: definition.optional() };
const schema = z
  .strictObject({
    process: z.union([
      z.strictObject({ kill: which, ...label }),
      z.strictObject({ stop: which, ...label }),
      z.strictObject({ continue: which, ...label }),
      z.strictObject({ restart: which, ...label }),
    ]),
  })
  .meta({
    description: "kill: SIGKILL; stop and continue: SIGSTOP and SIGCONT; restart: end if it runs, start, wait until it serves.",
  });

const ACTS = {
  kill: (process: SupervisedProcess) => process.kill(),
  stop: async (process: SupervisedProcess) => process.pause(),
  continue: async (process: SupervisedProcess) => process.resume(),
  restart: async (process: SupervisedProcess) => {
    await process.terminate();
    await process.start();
  },
} as const;

export const processStep: StepKind<z.infer<typeof schema>> = {
  key: "process",
  schema,
  describe: ({ process }) =>
    Object.entries(process)
      .filter(([key]) => key !== "as")
      .flat()
      .join(" "),
  async run({ process: step }, world) {
    const { stack } = world.target;
    if (!stack) throw new HarnessFailure("Processes can be acted on in the runner's own stack only.");
    const acts = async (): Promise<void> => {
      for (const [name, act] of Object.entries(ACTS)) {
        const on = (step as Partial<Record<string, "worker" | "gateway">>)[name];
        if (on) await act(stack[on]);
      }
    };
    await markedAct(world, step.as, acts, () => Date.now());
    return HELD;
  },
};
