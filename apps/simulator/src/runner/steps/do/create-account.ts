import { z } from "zod";
import { createAccount as request } from "../../../product/accounts.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields } from "./caller.js";

const schema = z
  .strictObject({ createAccount: z.string().max(2048), ...requestFields })
  .meta({ description: "A new account of that name. Accounts that later steps name are those of given.accounts." });

export const createAccount: Operation<z.infer<typeof schema>, Act> = {
  key: "createAccount",
  schema,
  describe: (step) => `create an account named "${step.createAccount}"`,
  async run(step, world) {
    const session = await world.session(step.role ?? "SUPPORT", step.caller && world.account(step.caller));
    const input = { name: step.createAccount, ...idempotencyOf(world, step) };
    return perform(`creating "${step.createAccount}"`, "createAccount", request(session, input), (payload) =>
      payload.account ? { account: payload.account } : {},
    );
  },
};
