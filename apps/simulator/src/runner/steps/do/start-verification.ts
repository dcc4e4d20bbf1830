import { z } from "zod";
import { backupName, definition, role } from "../../../experiments/fields.js";
import { startVerification as request } from "../../../product/jobs.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({
  startVerification: backupName,
  as: definition.optional(),
  role: role.optional(),
  samplePercent: z.number().int().min(1).max(100).optional(),
});

export const startVerification: Operation<z.infer<typeof schema>, Act> = {
  key: "startVerification",
  schema,
  describe: (step) => `verify ${step.startVerification.name}`,
  async run(step, world) {
    const backup = await world.jobs.backup(step.startVerification);
    const { account } = backup;
    const session = await world.session(step.role ?? "BACKUP_OPERATOR", account);
    const { samplePercent } = step;
    const input = { backupId: backup.id, ...(samplePercent === undefined ? {} : { samplePercent }) };
    return perform(`verification of ${account.name}`, "startVerification", request(session, input), ({ verification }) =>
      verification ? { job: world.jobs.add({ kind: "verification", id: verification.id, account }, step.as?.defines) } : {},
    );
  },
};
