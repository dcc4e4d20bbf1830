import { type DrillOptions, DrillRun } from "./drill-run.js";
import type { DrillFindings } from "./findings.js";
import { before } from "./phases/before.js";
import { backUpCanary, restoreCanary } from "./phases/canary-round.js";
import { revoke } from "./phases/revoke.js";
import { undo } from "./phases/undo.js";

/** Canary backup, restore in flight, key off, refusals, key on, recovery. Never throws: whatever goes wrong is in the findings. */
export async function runDrill(options: DrillOptions): Promise<DrillFindings> {
  const run = new DrillRun(options);
  if (await before(run)) await revoke(run);
  if ((await undo(run)) && !options.signal.aborted) await recover(run);
  await run.canary?.cleanUp().catch((error: Error) =>
    run.step("rollback", "remove the canary", async () => {
      throw error;
    }),
  );
  const { steps, jobs, disabled, enabled, recoveredAt, keyMayBeDisabled } = run;
  return { steps, jobs, canary: run.canary?.description, disabled, enabled, recoveredAt, keyMayBeDisabled };
}

async function recover(run: DrillRun): Promise<void> {
  const restored = await run.step("steady-state after", "a restore of the first backup", () => restoreCanary(run, "after"));
  if (restored) run.recoveredAt = Date.now();
  await run.step("steady-state after", "a backup of the canary", () => backUpCanary(run, "after"));
}
