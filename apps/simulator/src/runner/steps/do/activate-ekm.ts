import { z } from "zod";
import { accountName, role } from "../../../experiments/fields.js";
import { activateEkm as request } from "../../../product/accounts.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({
  activateEkm: accountName,
  role: role.optional(),
  expiresInDays: z.number().int().optional(),
});

export const activateEkm: Operation<z.infer<typeof schema>, Act> = {
  key: "activateEkm",
  schema,
  describe: (step) => `activate EKM for ${step.activateEkm.name}`,
  async run(step, world) {
    const account = world.account(step.activateEkm);
    const session = await world.session(step.role ?? "SUPPORT", account);
    const { expiresInDays } = step;
    const input = { accountId: account.id, ...(expiresInDays === undefined ? {} : { expiresInDays }) };
    return perform(`activation of ${account.name}`, "activateEkm", request(session, input), (payload) =>
      payload.account ? { account: payload.account } : {},
    );
  },
};
