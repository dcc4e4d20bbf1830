import { HarnessFailure } from "../../runner/outcome.js";
import type { DrillRun } from "../drill-run.js";
import { backUpCanary, restoreCanary } from "./canary-round.js";
import { untilHealthy } from "./probe.js";

const USABLE_WITHIN_MS = 10_000;

/** Canary, a usable key, a backup and a restore that work. False: there is nothing to drill. */
export async function before(run: DrillRun): Promise<boolean> {
  return (
    (await run.step("given", "canary data and its source", async () => {
      run.canary = await run.options.makeCanary();
      return { kind: "held", happened: run.canary.description };
    })) &&
    (await run.step("steady-state before", "the key is usable", async () => {
      const outcome = await untilHealthy(run, USABLE_WITHIN_MS);
      // A key that does not work to begin with is no finding about revocation.
      if (outcome.kind === "deviated") throw new HarnessFailure(`The key is not usable to begin with: ${outcome.happened}`);
      return outcome;
    })) &&
    (await run.step("steady-state before", "a backup of the canary", () => backUpCanary(run, "before"))) &&
    (await run.step("steady-state before", "a restore of it", () => restoreCanary(run, "before")))
  );
}
