import { z } from "zod";
import { backupName, keyName } from "../../../experiments/fields.js";
import { readBackup } from "../../../product/jobs.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    backup: backupName,
    restorable: z.boolean().optional(),
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
    const facts: readonly (readonly [string, string | undefined, string])[] = [
      ["restorable ", step.restorable?.toString(), String(node?.restorable ?? "not listed")],
      ["under key ", step.key?.name, node?.keyArn ? world.nameOfKey(node.keyArn) : "none"],
    ];
    const asked = facts.filter(([, wanted]) => wanted !== undefined);
    const missed = asked.filter(([, wanted, found]) => wanted !== found);
    const what = `backup ${step.backup.name}`;
    if (node && missed.length === 0)
      return { kind: "held", happened: `${what} ${asked.map(([name, , found]) => `${name}${found}`).join(", ") || "listed"}` };
    return {
      kind: "deviated",
      expected: `${what} ${missed.map(([name, wanted]) => `${name}${wanted}`).join(", ") || "listed"}`,
      happened: `${what} ${missed.map(([name, , found]) => `${name}${found}`).join(", ") || "not listed"}`,
    };
  },
};
