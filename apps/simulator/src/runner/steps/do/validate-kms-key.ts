import { z } from "zod";
import { accountName, keyName, role } from "../../../experiments/fields.js";
import { validateKmsKey as request } from "../../../product/keys.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({ validateKmsKey: accountName, key: keyName, role: role.optional() });

export const validateKmsKey: Operation<z.infer<typeof schema>, Act> = {
  key: "validateKmsKey",
  schema,
  describe: (step) => `validate key ${step.key.name} for ${step.validateKmsKey.name}`,
  async run(step, world) {
    const account = world.account(step.validateKmsKey);
    const session = await world.session(step.role ?? "ACCOUNT_ADMIN", account);
    const input = { accountId: account.id, keyArn: world.key(step.key).arn };
    return perform(`validation of ${step.key.name}`, "validateKmsKey", request(session, input), ({ checks, usable }) => ({
      checks,
      usable,
    }));
  },
};
