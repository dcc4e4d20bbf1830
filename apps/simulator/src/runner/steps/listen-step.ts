import { z } from "zod";
import { accountName, definition, labelName } from "../../experiments/fields.js";
import type { RequestError } from "../../product/graphql.js";
import { HELD, type StepOutcome } from "../outcome.js";
import { callerFields } from "./do/caller.js";
import type { StepKind } from "./step.js";

const schema = z
  .strictObject({
    listen: z.union([
      z.strictObject({ to: accountName, as: definition, ...callerFields }),
      z.strictObject({ cut: labelName }),
      z.strictObject({ resume: labelName }),
    ]),
  })
  .meta({
    description:
      "to: begins to listen to an account's events, as a screen that is open does; cut: its connection is lost; resume: it connects again and goes on behind the last event that it heard.",
  });

export const listenStep: StepKind<z.infer<typeof schema>> = {
  key: "listen",
  schema,
  describe: ({ listen }) =>
    "to" in listen
      ? `listen to ${listen.to.name}`
      : "cut" in listen
        ? `cut the connection of ${listen.cut.name}`
        : `resume ${listen.resume.name}`,
  async run({ listen }, world) {
    const { listeners } = world;
    if ("cut" in listen) {
      await listeners.cut(listeners.labelled(listen.cut));
      return HELD;
    }
    if ("resume" in listen) return listening(await listeners.resume(listeners.labelled(listen.resume)));
    const account = world.account(listen.to);
    const caller = listen.caller ? world.account(listen.caller) : account;
    return listening(await listeners.start(listen.as.defines, { account, caller, role: listen.role ?? "ACCOUNT_ADMIN" }));
  },
};

const listening = (refusal: RequestError | null): StepOutcome =>
  refusal === null
    ? HELD
    : { kind: "deviated", expected: "listening", happened: `refused with ${refusal.code}: ${refusal.message}` };
