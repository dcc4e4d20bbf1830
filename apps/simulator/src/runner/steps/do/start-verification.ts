import { z } from "zod";
import { accountName, backupName, definition } from "../../../experiments/fields.js";
import { startVerification as request } from "../../../product/jobs.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  startVerification: backupName,
  of: accountName.optional().meta({ description: "With latest or first: the account whose backup it is." }),
  as: definition.optional(),
  ...requestFields,
  samplePercent: z.number().int().min(1).max(100).optional(),
});

export const startVerification: Operation<z.infer<typeof schema>, Act> = {
  key: "startVerification",
  schema,
  describe: (step) => `verify ${step.startVerification.name}`,
  async run(step, world) {
    const backup = await world.jobs.backup(step.startVerification, step.of && world.account(step.of));
    const { account } = backup;
    const session = await sessionOf(world, step, "BACKUP_OPERATOR", account);
    const { samplePercent } = step;
    const input = {
      backupId: backup.id,
      ...(samplePercent === undefined ? {} : { samplePercent }),
      ...idempotencyOf(world, step),
    };
    return perform(`verification of ${account.name}`, "startVerification", request(session, input), ({ verification }) =>
      verification ? { job: world.jobs.add({ kind: "verification", id: verification.id, account }, step.as?.defines) } : {},
    );
  },
};
