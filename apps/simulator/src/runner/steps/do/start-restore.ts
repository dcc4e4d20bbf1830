import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { accountName, backupName, definition, labelName, type Reference, size } from "../../../experiments/fields.js";
import { startRestore as request } from "../../../product/jobs.js";
import { restoreRoots } from "../../measure/watch-writes.js";
import type { AccountHandle, World } from "../../world.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  startRestore: backupName,
  of: accountName.optional().meta({ description: "With latest or first: the account whose backup it is." }),
  as: definition.optional(),
  ...requestFields,
  maxBytesPerSecond: size.optional(),
  target: z
    .union([labelName, z.string().startsWith("/").max(4096)])
    .optional()
    .meta({ description: "Where an earlier restore of that label went, or a path; default: a new directory." }),
  overwrite: z.boolean().optional(),
});

/** To a directory of the harness's choice unless a path is given, so that it can watch and compare what arrives. */
export const startRestore: Operation<z.infer<typeof schema>, Act> = {
  key: "startRestore",
  schema,
  describe: (step) => `restore ${step.startRestore.name}`,
  async run(step, world) {
    const backup = await world.jobs.backup(step.startRestore, step.of && world.account(step.of));
    const { account } = backup;
    const session = await sessionOf(world, step, "BACKUP_OPERATOR", account);
    const target = targetOf(world, account, step.target);
    if (typeof step.target !== "string") await mkdir(dirname(target), { recursive: true });
    const input = {
      backupId: backup.id,
      target,
      ...(step.overwrite === undefined ? {} : { overwrite: step.overwrite }),
      ...(step.maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond: String(step.maxBytesPerSecond) }),
      ...idempotencyOf(world, step),
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

function targetOf(world: World, account: AccountHandle, target: Reference<"label"> | string | undefined): string {
  if (typeof target === "string") return target;
  return (target && world.jobs.labelled(target).target) ?? world.restoreTarget(account);
}
