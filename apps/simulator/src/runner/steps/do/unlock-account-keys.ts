import { z } from "zod";
import { accountName, definition } from "../../../experiments/fields.js";
import { unlockAccountKeys as request } from "../../../product/locking.js";
import { markedAct } from "../../measure/marked-act.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  unlockAccountKeys: accountName,
  as: definition.optional(),
  ...requestFields,
  reason: z.string().optional(),
});

export const unlockAccountKeys: Operation<z.infer<typeof schema>, Act> = {
  key: "unlockAccountKeys",
  schema,
  describe: (step) => `unlock the keys of ${step.unlockAccountKeys.name}`,
  async run(step, world) {
    const account = world.account(step.unlockAccountKeys);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    const input = { accountId: account.id, reason: step.reason ?? "an experiment", ...idempotencyOf(world, step) };
    const ask = () =>
      perform(`unlocking of ${account.name}'s keys`, "unlockAccountKeys", request(session, input), (payload) =>
        payload.account ? { account: payload.account } : {},
      );
    // In force from the answer on at the latest.
    return markedAct(world, step.as, ask, () => Date.now());
  },
};
