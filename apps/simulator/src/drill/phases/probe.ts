import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../../experiments/duration.js";
import { checkKeyHealth } from "../../product/keys.js";
import type { StepOutcome } from "../../runner/outcome.js";
import type { DrillRun } from "../drill-run.js";

/** Probes are rate limited, a minute's worth at once. */
const EVERY_MS = 2_000;

/** Asks the product to use the key, until it says HEALTHY or the time is over. */
export async function untilHealthy({ subject, signal }: DrillRun, withinMs: number): Promise<StepOutcome> {
  for (const from = Date.now(); ; ) {
    const answer = await checkKeyHealth(subject.admin, { accountId: subject.accountId });
    const health = answer.ok ? answer.data.checkKeyHealth.health : null;
    const refused = answer.ok ? answer.data.checkKeyHealth.userErrors[0]?.code : answer.error.code;
    if (health?.state === "HEALTHY") return { kind: "held", happened: `HEALTHY after ${formatDuration(Date.now() - from)}` };
    if (Date.now() - from > withinMs) {
      const found = health ? [health.state, health.problem?.code].filter(Boolean).join(" ") : `no answer but ${refused}`;
      return { kind: "deviated", expected: "HEALTHY", happened: `${found} after ${formatDuration(Date.now() - from)}` };
    }
    await sleep(EVERY_MS, undefined, { signal });
  }
}
