import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { checkKeyHealth as request } from "../../../product/keys.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { callerFields, sessionOf } from "./caller.js";

const schema = z.strictObject({ checkKeyHealth: accountName, ...callerFields });

export const checkKeyHealth: Operation<z.infer<typeof schema>, Act> = {
  key: "checkKeyHealth",
  schema,
  describe: (step) => `probe the key of ${step.checkKeyHealth.name}`,
  async run(step, world) {
    const account = world.account(step.checkKeyHealth);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    return perform(
      `probe of ${account.name}'s key`,
      "checkKeyHealth",
      request(session, { accountId: account.id }),
      ({ health }) => (health ? { health } : {}),
    );
  },
};
