import type { Ports } from "../ports/ports.js";
import type { KeyHealth } from "./health.js";
import { type ObservedCall, recordObservation } from "./record-observation.js";

/** Leases of many generations renew at once: the same news is written at most this often. */
const QUIET_MS = 5_000;

/** A lease's renewal counts as a probe: records it, unless the same was recorded a moment ago. */
export function recordRenewal(ports: Pick<Ports, "store" | "clock" | "ids">) {
  const record = recordObservation(ports);
  return async (call: ObservedCall): Promise<void> => {
    const health = await ports.store.read.health.current(call.accountId);
    if (health === null || !saysTheSame(health, call)) await record(call);
  };
}

function saysTheSame(health: KeyHealth, { observation, keyArn, sentAt }: ObservedCall): boolean {
  const age = Math.abs(sentAt.getTime() - health.checkedAt.getTime());
  if (health.keyArn !== keyArn || age >= QUIET_MS) return false;
  return observation.kind === "usable" ? health.state === "HEALTHY" : health.problem?.code === observation.problem.code;
}
