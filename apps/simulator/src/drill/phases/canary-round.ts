import { compareTrees } from "../../data/compare-trees.js";
import { formatSize } from "../../experiments/size.js";
import type { StepOutcome } from "../../runner/outcome.js";
import { type DrillRun, known } from "../drill-run.js";
import { mustSucceed } from "../judge-job.js";
import { backUp, restore } from "../settled-job.js";

type Role = "before" | "after";

/** A backup of the canary that must succeed; the first is the one that is restored throughout. */
export async function backUpCanary(run: DrillRun, role: Role): Promise<StepOutcome> {
  const { sourceId } = known(run.canary, "canary");
  const backup = run.note(role, "backup", await backUp(run.subject, sourceId, run.signal));
  if (backup.status === "SUCCEEDED") run.baseline ??= backup;
  return mustSucceed("the backup", backup, backup.bytes === null ? "" : formatSize(Number(backup.bytes)));
}

/** A restore of the first backup that must succeed, and be identical where the drill can look. */
export async function restoreCanary(run: DrillRun, role: Role): Promise<StepOutcome> {
  const { local } = known(run.canary, "canary");
  const { id } = known(run.baseline, "backup");
  const restored = run.note(role, "restore", await restore(run.subject, id, local?.target, run.signal));
  if (restored.status !== "SUCCEEDED" || !local) return mustSucceed("the restore", restored);
  const { identical, differences, files } = await compareTrees(local.directory, local.target, run.signal);
  if (identical) return mustSucceed("the restore", restored, `identical, ${files} files`);
  const [first] = differences;
  return { kind: "deviated", expected: "an identical copy", happened: `the copy differs: ${first?.path} ${first?.detail}` };
}
