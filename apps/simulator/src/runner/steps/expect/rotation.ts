import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { errorCode, keyName, labelName, rotationStatus, span } from "../../../experiments/fields.js";
import type { Rotation } from "../../../product/types.js";
import type { StepOutcome } from "../../outcome.js";
import type { World } from "../../world.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    rotation: labelName,
    status: rotationStatus.optional(),
    rewrapped: z.number().int().min(0).optional().meta({ description: "Generations under the new key so far." }),
    code: errorCode.optional().meta({ description: "The code of its problem." }),
    refusedBy: keyName.optional().meta({ description: "The key that its problem names." }),
    retirement: z.enum(["present", "absent"]).optional().meta({ description: "The retirement certificate of the old key." }),
    failures: z.number().int().min(0).optional().meta({ description: "Generations that could not be opened." }),
    within: span.optional(),
    after: labelName.optional(),
  })
  .meta({
    description:
      "A rotation is, or within that time comes to be, as said; `within` counts from `after`, or from now (default 1m).",
  });
type Expected = z.infer<typeof schema>;

const DEFAULT_MS = 60_000;

export const expectRotation: Operation<Expected, StepOutcome> = {
  key: "rotation",
  schema,
  describe: (step) => `rotation ${step.rotation.name} ${step.status ?? "as said"}`,
  async run(step, world) {
    const tracked = world.rotations.labelled(step.rotation);
    const from = step.after ? world.momentMs({ label: step.after.name, plus: { ms: 0, named: [] } }) : Date.now();
    const deadline = from + (step.within ? world.spanMs(step.within) : DEFAULT_MS);
    const met = (rotation: Rotation): boolean => factsOf(step, rotation, world).every(([, wanted, found]) => wanted === found);
    const rotation = await world.rotations.waitFor(tracked, met, deadline);
    const facts = factsOf(step, rotation, world);
    const missed = facts.filter(([, wanted, found]) => wanted !== found);
    const words = (list: readonly Fact[], side: 1 | 2): string =>
      `rotation ${step.rotation.name} ${list.map((fact) => `${fact[0]}${fact[side]}`).join(", ")}`;
    const elapsed = formatDuration(Date.now() - from);
    return missed.length === 0
      ? { kind: "held", happened: `${words(facts, 2)} after ${elapsed}` }
      : { kind: "deviated", expected: words(missed, 1), happened: `${words(missed, 2)} after ${elapsed}` };
  },
};

/** What, what was wanted, what was found; only what was asked for. */
type Fact = readonly [string, string, string];

function factsOf(step: Expected, rotation: Rotation, world: World): readonly Fact[] {
  const { problem } = rotation;
  const all: readonly (readonly [string, string | undefined, string])[] = [
    ["", step.status, rotation.status],
    ["", step.code, problem?.code ?? "no problem"],
    ["refused by ", step.refusedBy?.name, problem?.keyArn ? world.nameOfKey(problem.keyArn) : "no key"],
    ["rewrapped ", step.rewrapped?.toString(), String(rotation.rewrapped)],
    ["failures ", step.failures?.toString(), String(rotation.failures.length)],
    ["retirement certificate ", step.retirement, rotation.retirement ? "present" : "absent"],
  ];
  return all.flatMap(([what, wanted, found]) => (wanted === undefined ? [] : [[what, wanted, found] as const]));
}
