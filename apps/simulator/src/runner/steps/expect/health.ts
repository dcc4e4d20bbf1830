import { z } from "zod";
import { accountName, errorCode, healthState } from "../../../experiments/fields.js";
import { readAccount } from "../../../product/accounts.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import { coded } from "../act-expectation.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({ health: accountName, state: healthState, code: errorCode.optional() })
  .meta({ description: "What the product itself says about the account's key, without a probe being asked for." });

export const expectHealth: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "health",
  schema,
  describe: (step) => `${step.health.name}'s key ${step.state}`,
  async run(step, world) {
    const account = world.account(step.health);
    const answer = await readAccount(await world.session("ACCOUNT_ADMIN", account), account.id);
    if (!answer.ok) throw new HarnessFailure(`Reading the account failed: ${answer.error.code} ${answer.error.message}`);
    const health = answer.data.account?.ekm?.key?.health;
    const { met, wanted, found } = coded(step.state, step.code, health?.state ?? "no key", health?.problem?.code);
    const what = `health of ${account.name}'s key`;
    return met
      ? { kind: "held", happened: `${what} ${found}` }
      : { kind: "deviated", expected: `${what} ${wanted}`, happened: `${what} ${found}` };
  },
};
