import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { errorCode, eventKind, healthState, jobStatus, labelName, rotationStatus, span } from "../../../experiments/fields.js";
import type { AccountEvent } from "../../../product/events.js";
import type { StepOutcome } from "../../outcome.js";
import type { World } from "../../world.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    event: labelName.meta({ description: "Who listens." }),
    kind: eventKind,
    health: healthState.optional().meta({ description: "The key's health, as the event showed it." }),
    status: z.union([jobStatus, rotationStatus]).optional().meta({ description: "The status of the job or rotation." }),
    of: labelName.optional().meta({ description: "The job or rotation that it is about." }),
    code: errorCode.optional().meta({ description: "The code of the problem of the key, job or rotation." }),
    locked: z.boolean().optional(),
    deletionDate: z.enum(["present", "absent"]).optional(),
    within: span.optional(),
    after: labelName.optional().meta({ description: "Only what came in since that act; default: all." }),
    count: z
      .number()
      .int()
      .min(0)
      .optional()
      .meta({ description: "Exactly so many, once the time is over; default: at least one." }),
  })
  .meta({
    description:
      "The listener hears of it; `within` counts from `after`, or from now (default 5s). Fields show what was so when the event was delivered.",
  });
type Step = z.infer<typeof schema>;

const DEFAULT_MS = 5_000;
const MOST_NAMED = 8;

export const expectEvent: Operation<Step, StepOutcome> = {
  key: "event",
  schema,
  describe: (step) => `${step.event.name} hears ${step.kind}`,
  async run(step, world) {
    const { heard } = world.listeners.labelled(step.event);
    const after = step.after && world.momentMs({ label: step.after.name, plus: { ms: 0, named: [] } });
    const deadline = (after ?? Date.now()) + (step.within ? world.spanMs(step.within) : DEFAULT_MS);
    const isMeant = meaning(step, world);
    const news = () => heard.filter(({ receivedAt }) => receivedAt >= (after ?? 0));
    const matching = () => news().filter(({ receivedAt, event }) => receivedAt <= deadline && isMeant(event));
    // A number is known only when no more can come.
    await world.listeners.waitUntil(() => step.count === undefined && matching().length > 0, deadline);

    const found = matching();
    const [first] = found;
    const listener = step.event.name;
    const isMet = step.count === undefined ? first !== undefined : found.length === step.count;
    if (isMet) {
      const late = first && after !== undefined ? ` after ${formatDuration(first.receivedAt - after)}` : "";
      return {
        kind: "held",
        happened: `${listener} heard ${step.count ?? ""}${step.count === undefined ? "" : " "}${step.kind}${late}`,
      };
    }
    const others = news().map(({ event }) => inWords(event));
    const shown = others.slice(-MOST_NAMED).join(", ") || "nothing";
    const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} before that` : "";
    return {
      kind: "deviated",
      expected: `${listener} hears ${step.count ?? "at least one"} ${wanted(step)}`,
      happened: `${listener} heard ${found.length} of that, and in all ${shown}${more}`,
    };
  },
};

function meaning(step: Step, world: World): (event: AccountEvent) => boolean {
  const subjectId = step.of === undefined ? undefined : world.subjectId(step.of);
  return (event) => {
    const { account, kind } = event;
    const health = account.ekm?.key?.health;
    const subject = subjectOf(event);
    const problem = subject === null ? health?.problem : subject.problem;
    return (
      kind === step.kind &&
      (step.health === undefined || health?.state === step.health) &&
      (step.status === undefined || subject?.status === step.status) &&
      (subjectId === undefined || subject?.id === subjectId) &&
      (step.code === undefined || problem?.code === step.code) &&
      (step.locked === undefined || (account.keyLock !== null) === step.locked) &&
      (step.deletionDate === undefined || (health?.deletionDate == null ? "absent" : "present") === step.deletionDate)
    );
  };
}

const subjectOf = ({ rotation, backup, restore, verification }: AccountEvent) => rotation ?? backup ?? restore ?? verification;

function inWords(event: AccountEvent): string {
  const subject = subjectOf(event);
  const health = event.account.ekm?.key?.health;
  const what = subject === null ? [health?.state, health?.problem?.code] : [subject.status, subject.problem?.code];
  return [event.kind, ...what].filter((part) => part !== undefined).join(" ");
}

const wanted = ({ kind, health, status, code }: Step): string =>
  [kind, health, status, code].filter((part) => part !== undefined).join(" ");
