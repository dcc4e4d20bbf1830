import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { validateKmsKey as request } from "../../../product/keys.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { callerFields, sessionOf } from "./caller.js";
import { keyArnOf, keyFields, keyInWords, oneKey } from "./named-key.js";

const schema = z.strictObject({ validateKmsKey: accountName, ...keyFields, ...callerFields }).refine(...oneKey);

export const validateKmsKey: Operation<z.infer<typeof schema>, Act> = {
  key: "validateKmsKey",
  schema,
  describe: (step) => `validate key ${keyInWords(step)} for ${step.validateKmsKey.name}`,
  async run(step, world) {
    const account = world.account(step.validateKmsKey);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    const input = { accountId: account.id, keyArn: keyArnOf(world, step) };
    return perform(`validation of ${keyInWords(step)}`, "validateKmsKey", request(session, input), ({ checks, usable }) => ({
      checks,
      usable,
    }));
  },
};
