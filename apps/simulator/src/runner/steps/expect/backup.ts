import { z } from "zod";
import { backupName, keyName } from "../../../experiments/fields.js";
import { readBackup } from "../../../product/jobs.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import { askedFor, outcomeOf, same } from "../finding.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    backup: backupName,
    restorable: z.boolean().optional(),
    protectedBy: z.enum(["CLOUD", "ENTERPRISE"]).optional(),
    key: keyName.optional().meta({ description: "The key that protects it now." }),
  })
  .meta({ description: "A backup is listed, and what the product says of it." });

export const expectBackup: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "backup",
  schema,
  describe: (step) => `backup ${step.backup.name} as said`,
  async run(step, world) {
    const { id, account } = await world.jobs.backup(step.backup);
    const answer = await readBackup(await world.session("BACKUP_OPERATOR", account), id);
    if (!answer.ok) throw new HarnessFailure(`Reading the backup failed: ${answer.error.code} ${answer.error.message}`);
    const { node } = answer.data;
    return outcomeOf(`backup ${step.backup.name}`, [
      same("listed", node ? "listed" : "not listed"),
      ...askedFor([
        ["restorable", step.restorable?.toString(), String(node?.restorable)],
        ["protected by", step.protectedBy, node?.protectedBy ?? "nobody"],
        ["under key", step.key?.name, node?.keyArn ? world.nameOfKey(node.keyArn) : "none"],
      ]),
    ]);
  },
};
