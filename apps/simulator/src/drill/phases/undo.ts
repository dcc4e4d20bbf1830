import type { DrillRun } from "../drill-run.js";
import { effectiveInWords } from "../effective-in-words.js";
import { untilHealthy } from "./probe.js";

const UNDO_MS = 60_000;
const HEALS_MS = 180_000;

/** Ends what still runs and has the key enabled again. True: the product sees it work. */
export async function undo(run: DrillRun): Promise<boolean> {
  const { owner, waitMs } = run.options;
  const isCutShort = run.options.signal.aborted;
  // An interruption stops the drill, not its undoing.
  run.signal = AbortSignal.timeout(UNDO_MS + HEALS_MS + (owner.isPerson ? waitMs : 0));
  run.options.useSignal(run.signal);
  if (run.keyMayBeDisabled && isCutShort && owner.isPerson) {
    owner.remindToEnable();
  } else if (run.keyMayBeDisabled) {
    const enabled = await run.step("rollback", owner.isPerson ? "the owner enables the key" : "enable the key", async () => {
      run.enabled = await owner.enable(run.signal);
      run.keyMayBeDisabled = false;
      return { kind: "held", happened: effectiveInWords(run.enabled) };
    });
    if (!enabled) owner.remindToEnable();
  }
  await run.inFlight?.abandon(run.signal);
  run.watch?.stop();
  if (isCutShort || run.enabled === undefined) return false;
  return run.step("rollback", "the product sees the key work", () => untilHealthy(run, HEALS_MS));
}
