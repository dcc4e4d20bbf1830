import { z } from "zod";
import { accountName, definition, size } from "../../../experiments/fields.js";
import { startBackup as request } from "../../../product/jobs.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  startBackup: accountName,
  as: definition.optional(),
  ...requestFields,
  maxBytesPerSecond: size.optional(),
});

export const startBackup: Operation<z.infer<typeof schema>, Act> = {
  key: "startBackup",
  schema,
  describe: (step) => `back up ${step.startBackup.name}`,
  async run(step, world) {
    const account = world.account(step.startBackup);
    const session = await sessionOf(world, step, "BACKUP_OPERATOR", account);
    const input = {
      accountId: account.id,
      sourceId: account.sourceId,
      ...(step.maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond: String(step.maxBytesPerSecond) }),
      ...idempotencyOf(world, step),
    };
    const { objects } = world.target;
    const writes = step.as && objects !== undefined ? world.watch(() => [objects]) : undefined;
    const act = await perform(`backup of ${account.name}`, "startBackup", request(session, input), ({ backup }) => {
      if (!backup) return {};
      return { job: world.jobs.add({ kind: "backup", id: backup.id, account, ...(writes && { writes }) }, step.as?.defines) };
    });
    world.mark(step.as?.defines, act.startedAt);
    return act;
  },
};
