import type { Ports } from "../ports/ports.js";
import type { KeyHealth } from "./health.js";
import { dueAfterMs } from "./probe-pace.js";
import { type ObservedCall, recordObservation } from "./record-observation.js";

/** Leases of many generations renew at once: the same news is written at most this often. */
const QUIET_MS = 5_000;

/** Half of the time after which a key is due at most: what was kept back must not make a key that is in use look unwatched. */
const quietMs = (healthIntervalSeconds: number): number => Math.min(QUIET_MS, dueAfterMs(healthIntervalSeconds) / 2);

/** A lease's renewal counts as a probe: records it, unless the same was recorded a moment ago. */
export function recordRenewal(ports: Pick<Ports, "store" | "clock" | "ids" | "settings">) {
  const quiet = quietMs(ports.settings.healthIntervalSeconds);
  const record = recordObservation(ports);
  return async (call: ObservedCall): Promise<void> => {
    const health = await ports.store.read.health.current(call.accountId);
    if (health === null || !saysTheSame(health, call, quiet)) await record(call);
  };
}

function saysTheSame(health: KeyHealth, { observation, keyArn, sentAt }: ObservedCall, quiet: number): boolean {
  const age = Math.abs(sentAt.getTime() - health.checkedAt.getTime());
  if (health.keyArn !== keyArn || age >= quiet) return false;
  return observation.kind === "usable" ? health.state === "HEALTHY" : health.problem?.code === observation.problem.code;
}
