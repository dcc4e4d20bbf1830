import { z } from "zod";
import { accountName, errorCode, healthState, keyName } from "../../../experiments/fields.js";
import { readAccount } from "../../../product/accounts.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import { coded } from "../act-expectation.js";
import { askedFor, outcomeOf } from "../finding.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    health: accountName,
    state: healthState,
    code: errorCode.optional(),
    warnings: z.array(errorCode).optional().meta({ description: "All of them; []: there is none." }),
    deletionDate: z.enum(["present", "absent"]).optional(),
    refusedBy: keyName.optional().meta({ description: "The key that its problem names." }),
  })
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
    const warnings = health?.warnings.map(({ code }) => code).sort();
    return outcomeOf(`health of ${account.name}'s key`, [
      coded(step.state, step.code, health?.state ?? "no key", health?.problem?.code),
      ...askedFor([
        ["warnings", step.warnings && inWords([...step.warnings].sort()), inWords(warnings ?? [])],
        ["deletion date", step.deletionDate, health?.deletionDate ? "present" : "absent"],
        ["refused by", step.refusedBy?.name, health?.problem?.keyArn ? world.nameOfKey(health.problem.keyArn) : "no key"],
      ]),
    ]);
  },
};

const inWords = (codes: readonly string[]): string => codes.join(", ") || "none";
