import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { activateEkm as request } from "../../../product/accounts.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  activateEkm: accountName,
  ...requestFields,
  expiresInDays: z.number().int().optional(),
});

export const activateEkm: Operation<z.infer<typeof schema>, Act> = {
  key: "activateEkm",
  schema,
  describe: (step) => `activate EKM for ${step.activateEkm.name}`,
  async run(step, world) {
    const account = world.account(step.activateEkm);
    const session = await sessionOf(world, step, "SUPPORT", account);
    const { expiresInDays } = step;
    const input = {
      accountId: account.id,
      ...(expiresInDays === undefined ? {} : { expiresInDays }),
      ...idempotencyOf(world, step),
    };
    return perform(`activation of ${account.name}`, "activateEkm", request(session, input), (payload) =>
      payload.account ? { account: payload.account } : {},
    );
  },
};
