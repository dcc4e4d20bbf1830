import type { CallEvent } from "@ekm/mock-aws";
import { ruleInWords } from "../world/faults.js";
import type { Snapshot } from "../world/world.js";

export interface Cause {
  readonly kind: "rule" | "state";
  readonly text: string;
}

type Refused = Pick<CallEvent, "outcome" | "rule" | "keyArn" | "ownerAccountId" | "callerAccountId">;

/** Why the call came out as it did: a fault rule, or how key and accounts stand. Null for a call that went as usual. */
export function causeOf(call: Refused, { accounts, keys }: Snapshot): Cause | null {
  if (call.rule !== null) return { kind: "rule", text: `rule: ${ruleInWords(call.rule, () => "this key")}` };
  if (call.outcome === "ok") return null;
  const state = (text: string): Cause => ({ kind: "state", text });
  const caller = call.callerAccountId === null ? undefined : accounts.get(call.callerAccountId);
  if (caller && caller.status !== "ACTIVE" && caller.status !== "PENDING_CLOSURE")
    return state(`the caller's AWS account is ${caller.status.toLowerCase()}`);
  const owner = call.ownerAccountId === null ? undefined : accounts.get(call.ownerAccountId);
  if (owner && owner.id !== caller?.id && (owner.status === "SUSPENDED" || owner.status === "CLOSED"))
    return state(`the AWS account that owns the key is ${owner.status.toLowerCase()}`);
  const key = call.keyArn === null ? undefined : keys.get(call.keyArn);
  if (call.outcome === "AccessDeniedException") return state("the key's policy does not allow it to the caller");
  if (key === undefined) return call.outcome === "NotFoundException" ? state("there is no such key") : null;
  // A change that callers see later has come into sight since.
  const condition = key.visibleState === "Enabled" ? key.state : key.visibleState;
  if (condition !== "Enabled") return state(`the key is ${condition}`);
  if (key.externalKey !== "ok") return state(`the external key behind it is ${key.externalKey}`);
  return null;
}
