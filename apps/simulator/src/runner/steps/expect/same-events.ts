import { z } from "zod";
import { eventKind, labelName, span } from "../../../experiments/fields.js";
import type { Listener } from "../../listeners.js";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    sameEvents: labelName.meta({ description: "Who may have missed something, or heard it twice." }),
    like: labelName.meta({ description: "Who listened to the same account without a break." }),
    kinds: z
      .array(eventKind)
      .min(1)
      .meta({ description: "Which are compared. Progress that was overtaken is rightly left out: not the kinds of jobs." }),
    atLeast: z.number().int().min(1).optional().meta({ description: "How many there must be; default: one." }),
    within: span.optional(),
  })
  .meta({ description: "Both have heard the same events in the same order, each once; within that time (default 5s)." });
type Step = z.infer<typeof schema>;

const DEFAULT_MS = 5_000;

export const expectSameEvents: Operation<Step, StepOutcome> = {
  key: "sameEvents",
  schema,
  describe: (step) => `${step.sameEvents.name} heard what ${step.like.name} heard`,
  async run(step, world) {
    const { listeners } = world;
    const [one, other] = [listeners.labelled(step.sameEvents), listeners.labelled(step.like)];
    const of = ({ heard }: Listener) => heard.map(({ event }) => event).filter(({ kind }) => step.kinds.includes(kind));
    const places = (listener: Listener) => of(listener).map(({ id }) => id);
    const enough = () => places(other).length >= (step.atLeast ?? 1) && places(one).join() === places(other).join();
    const deadline = Date.now() + (step.within ? world.spanMs(step.within) : DEFAULT_MS);
    const words = (listener: Listener) =>
      of(listener)
        .map(({ kind }) => kind)
        .join(", ") || "nothing";
    if (await listeners.waitUntil(enough, deadline))
      return { kind: "held", happened: `${step.sameEvents.name} heard ${words(one)}, as ${step.like.name} did` };
    return {
      kind: "deviated",
      expected: `${step.sameEvents.name} hears what ${step.like.name} hears: ${words(other)}`,
      happened: `${step.sameEvents.name} heard ${words(one)}`,
    };
  },
};
