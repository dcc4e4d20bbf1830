import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { backupName, definition, role, size } from "../../../experiments/fields.js";
import { startRestore as request } from "../../../product/jobs.js";
import { restoreRoots } from "../../measure/watch-writes.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({
  startRestore: backupName,
  as: definition.optional(),
  role: role.optional(),
  maxBytesPerSecond: size.optional(),
});

/** Always to a directory of the harness's choice, so that it can watch and compare what arrives. */
export const startRestore: Operation<z.infer<typeof schema>, Act> = {
  key: "startRestore",
  schema,
  describe: (step) => `restore ${step.startRestore.name}`,
  async run(step, world) {
    const backup = await world.jobs.backup(step.startRestore);
    const { account } = backup;
    const session = await world.session(step.role ?? "BACKUP_OPERATOR", account);
    const target = world.restoreTarget();
    await mkdir(dirname(target), { recursive: true });
    const input = {
      backupId: backup.id,
      target,
      ...(step.maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond: String(step.maxBytesPerSecond) }),
    };
    const writes = step.as && world.watch(restoreRoots(dirname(target), basename(target)));
    const act = await perform(`restore of ${account.name}`, "startRestore", request(session, input), ({ restore }) => {
      if (!restore) return {};
      const job = { kind: "restore", id: restore.id, account, target, ...(writes && { writes }) } as const;
      return { job: world.jobs.add(job, step.as?.defines) };
    });
    world.mark(step.as?.defines, act.startedAt);
    return act;
  },
};
