import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { accountName, span } from "../../../experiments/fields.js";
import type { StepOutcome } from "../../outcome.js";
import { judgeAct } from "../act-expectation.js";
import { startBackup } from "../do/start-backup.js";
import { startRestore } from "../do/start-restore.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    unaffected: accountName,
    within: span.optional().meta({ description: "How long each of the two may take; default 30s." }),
  })
  .meta({
    description: "Another tenant goes on: a backup and a restore of it succeed, the copy is identical, and both are timed.",
  });

const DEFAULT_MS = 30_000;

export const expectUnaffected: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "unaffected",
  schema,
  describe: (step) => `${step.unaffected.name} goes on as ever`,
  async run(step, world) {
    const account = world.account(step.unaffected);
    const within = { ms: step.within ? world.spanMs(step.within) : DEFAULT_MS, named: [] };
    const backup = await startBackup.run({ startBackup: step.unaffected }, world);
    const backedUp = await judgeAct(backup, { job: "SUCCEEDED", within }, world);
    const backedUpAt = Date.now();
    if (backedUp.kind === "deviated" || !backup.job) return backedUp;
    // Not what the experiment means by `latest`: it is about somebody else.
    const made = world.jobs.setAside(backup.job, `the backup of ${account.name} beside`);
    const restore = await startRestore.run({ startRestore: made }, world);
    const restored = await judgeAct(restore, { job: "SUCCEEDED", identical: true, within }, world);
    if (restored.kind === "deviated") return restored;
    const times = [backedUpAt - backup.startedAt, Date.now() - restore.startedAt].map(formatDuration);
    return { kind: "held", happened: `${account.name} goes on: backup in ${times[0]}, restore in ${times[1]}, identical` };
  },
};
