import { z } from "zod";
import { accountName, keyName } from "../../../experiments/fields.js";
import { readAccount } from "../../../product/accounts.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

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
    const facts: [string, string | undefined, string][] = [
      ["key management", step.keyManagement, seen?.keyManagement ?? "none"],
      ["EKM", step.ekm, seen?.ekm?.status ?? "NONE"],
      ["key", step.key?.name, seen?.ekm?.key ? world.nameOfKey(seen.ekm.key.arn) : "none"],
      ["locked", step.locked?.toString(), String(Boolean(seen?.keyLock))],
    ];
    const asked = facts.filter(([, wanted]) => wanted !== undefined);
    const missed = asked.filter(([, wanted, found]) => wanted !== found);
    const words = (facts: readonly [string, string][]): string =>
      `${account.name}: ${facts.map((fact) => fact.join(" ")).join(", ")}`;
    if (missed.length === 0) return { kind: "held", happened: words(asked.map(([name, , found]) => [name, found])) };
    return {
      kind: "deviated",
      expected: words(missed.map(([name, wanted]) => [name, wanted ?? ""])),
      happened: words(missed.map(([name, , found]) => [name, found])),
    };
  },
};
