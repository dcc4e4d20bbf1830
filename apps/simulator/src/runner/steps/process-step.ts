import { z } from "zod";
import { definition } from "../../experiments/fields.js";
import type { Stack } from "../../stack/stack.js";
import { markedAct } from "../measure/marked-act.js";
import { HELD } from "../outcome.js";
import { restartProcess } from "../own-stack/restart.js";
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

type Which = z.infer<typeof which>;
const ACTS = {
  kill: (stack: Stack, name: Which) => stack[name].kill(),
  stop: async (stack: Stack, name: Which) => stack[name].pause(),
  continue: async (stack: Stack, name: Which) => stack[name].resume(),
  restart: restartProcess,
} as const;

export const processStep: StepKind<z.infer<typeof schema>> = {
  key: "process",
  schema,
  reach: () => "whole-stack",
  describe: ({ process }) =>
    Object.entries(process)
      .filter(([key]) => key !== "as")
      .flat()
      .join(" "),
  async run({ process: step }, world) {
    const stack = world.ownStack();
    const acts = async (): Promise<void> => {
      for (const [name, act] of Object.entries(ACTS)) {
        const on = (step as Partial<Record<string, Which>>)[name];
        if (on) await act(stack, on);
      }
    };
    await markedAct(world, step.as, acts, () => Date.now());
    return HELD;
  },
};
