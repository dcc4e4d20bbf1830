import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { withdrawEkmActivation as request } from "../../../product/accounts.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ withdrawEkmActivation: accountName, ...requestFields });

export const withdrawEkmActivation: Operation<z.infer<typeof schema>, Act> = {
  key: "withdrawEkmActivation",
  schema,
  describe: (step) => `withdraw the activation of ${step.withdrawEkmActivation.name}`,
  async run(step, world) {
    const account = world.account(step.withdrawEkmActivation);
    const session = await sessionOf(world, step, "SUPPORT", account);
    const input = { accountId: account.id, reason: "asked for by an experiment", ...idempotencyOf(world, step) };
    return perform(`withdrawal for ${account.name}`, "withdrawEkmActivation", request(session, input), (payload) =>
      payload.account ? { account: payload.account } : {},
    );
  },
};
