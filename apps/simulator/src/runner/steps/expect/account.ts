import { z } from "zod";
import { accountName, keyName } from "../../../experiments/fields.js";
import { readAccount } from "../../../product/accounts.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import { askedFor, outcomeOf } from "../finding.js";
import type { Operation } from "../step.js";

const count = z.number().int().min(0);
const schema = z
  .strictObject({
    account: accountName,
    keyManagement: z.enum(["CLOUD", "ENTERPRISE"]).optional(),
    ekm: z
      .enum(["NONE", "ACTIVATED", "ENABLED", "ROTATING"])
      .optional()
      .meta({ description: "NONE: the settings do not exist." }),
    key: keyName.optional().meta({ description: "The key whose ARN the settings show." }),
    locked: z.boolean().optional(),
    impact: z
      .strictObject({ backups: count.optional(), generations: count.optional() })
      .optional()
      .meta({ description: "What stops working if the key becomes unusable." }),
    revocationWindowSeconds: count.optional(),
  })
  .meta({ description: "What the admin sees of the account." });

export const expectAccount: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "account",
  schema,
  describe: (step) => `the settings of ${step.account.name}`,
  async run(step, world) {
    const account = world.account(step.account);
    const answer = await readAccount(await world.session("ACCOUNT_ADMIN", account), account.id);
    if (!answer.ok) throw new HarnessFailure(`Reading the account failed: ${answer.error.code} ${answer.error.message}`);
    const seen = answer.data.account;
    const impact = seen?.ekm?.impact;
    return outcomeOf(
      `${account.name}:`,
      askedFor([
        ["key management", step.keyManagement, seen?.keyManagement ?? "none"],
        ["EKM", step.ekm, seen?.ekm?.status ?? "NONE"],
        ["key", step.key?.name, seen?.ekm?.key ? world.nameOfKey(seen.ekm.key.arn) : "none"],
        ["locked", step.locked?.toString(), String(Boolean(seen?.keyLock))],
        ["backups at stake", step.impact?.backups?.toString(), impact?.backups ?? "none"],
        ["generations at stake", step.impact?.generations?.toString(), String(impact?.generations ?? "none")],
        ["revocation window", step.revocationWindowSeconds?.toString(), String(seen?.ekm?.revocationWindowSeconds ?? "none")],
      ]),
    );
  },
};
