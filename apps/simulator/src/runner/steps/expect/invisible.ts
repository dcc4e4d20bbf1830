import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { readAccount } from "../../../product/accounts.js";
import { readJob } from "../../../product/jobs.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import { outcomeOf, same } from "../finding.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({ invisible: accountName, to: accountName }).meta({
  description:
    "Another tenant's admin asks for the account and for every job of it, and is answered as for ids that are not there.",
});

export const expectInvisible: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "invisible",
  schema,
  describe: (step) => `${step.invisible.name} invisible to ${step.to.name}`,
  async run(step, world) {
    const account = world.account(step.invisible);
    const stranger = await world.session("ACCOUNT_ADMIN", world.account(step.to));
    const seen = await readAccount(stranger, account.id);
    if (!seen.ok) throw new HarnessFailure(`Reading the account failed: ${seen.error.code} ${seen.error.message}`);
    const found = seen.data.account ? ["the account"] : [];
    for (const { kind, id } of world.jobs.of(account)) {
      const answer = await readJob(stranger, kind, id);
      if (!answer.ok) throw new HarnessFailure(`Reading the ${kind} failed: ${answer.error.code} ${answer.error.message}`);
      if (answer.data.node) found.push(`the ${kind} ${id}`);
    }
    return outcomeOf(`${step.to.name} sees of ${account.name}`, [same("nothing", found.join(", ") || "nothing")]);
  },
};
