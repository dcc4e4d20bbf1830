import { setTimeout as sleep } from "node:timers/promises";
import { accepted } from "../product/accepted.js";
import type { Session } from "../product/graphql.js";
import { checkKeyHealth } from "../product/keys.js";
import { lockAccountKeys } from "../product/locking.js";
import { rotateEkmKey } from "../product/rotations.js";
import type { Stack } from "../stack/stack.js";
import type { CustomerAws } from "./customer-aws.js";
import type { Situation } from "./demo-accounts.js";
import { holdingRule } from "./holding-rules.js";

export interface Place {
  readonly stack: Stack;
  readonly admin: Session;
  readonly aws: CustomerAws;
  readonly accountId: string;
  readonly keyArn: string;
  /** Made when it is first asked for. */
  readonly nextKeyArn: () => Promise<string>;
  readonly signal: AbortSignal;
}

const SETTLE_MS = 20_000;
const POLL_MS = 250;

/** Brings an enabled account with a healthy key into its situation, and waits until the product shows it. */
export async function bringAbout(situation: Situation, place: Place): Promise<void> {
  const { stack, admin, aws, accountId, keyArn } = place;
  const rule = holdingRule(situation, keyArn);
  if (rule) await stack.aws.simulator.faults.add([rule]);
  switch (situation) {
    case "rotating":
      accepted("rotateEkmKey", await rotateEkmKey(admin, { accountId, keyArn: await place.nextKeyArn() }));
      return;
    case "rotation paused":
      await aws.call("DisableKey", { KeyId: keyArn });
      accepted("rotateEkmKey", await rotateEkmKey(admin, { accountId, keyArn: await place.nextKeyArn() }));
      return;
    case "degraded":
      return showing("DEGRADED", place);
    case "key disabled":
      await aws.call("DisableKey", { KeyId: keyArn });
      return showing("UNUSABLE", place);
    case "key pending deletion":
      await aws.call("ScheduleKeyDeletion", { KeyId: keyArn, PendingWindowInDays: 30 });
      return showing("UNUSABLE", place);
    case "access denied":
      await aws.putPolicy(keyArn, "none");
      return showing("UNUSABLE", place);
    case "AWS account suspended":
      await stack.aws.simulator.accounts.setStatus(aws.accountId, { status: "SUSPENDED" });
      return showing("UNUSABLE", place);
    case "locked":
      accepted("lockAccountKeys", await lockAccountKeys(admin, { accountId, reason: "Suspected leak, under investigation" }));
      return;
    default:
      return;
  }
}

async function showing(state: string, { admin, accountId, signal }: Place): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const { health } = accepted("checkKeyHealth", await checkKeyHealth(admin, { accountId }));
    if (health?.state === state) return;
    if (Date.now() > deadline) throw new Error(`the demo's key is ${health?.state ?? "unknown"} instead of ${state}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
