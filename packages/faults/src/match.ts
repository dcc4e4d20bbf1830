import type { FaultRule } from "./rule.js";

/** What a rule may look at. `keyArn` and `accountId` (the key's owner) are absent where a call touches no key. */
export interface FaultCall {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly keyArn?: string | undefined;
  readonly accountId?: string | undefined;
  readonly callerAccountId?: string | undefined;
}

const FIELDS = ["service", "region", "operation", "keyArn", "accountId", "callerAccountId"] as const;

/** Every field that the rule names equals the call's; `service` without regard to case. */
export function matches(rule: FaultRule, call: FaultCall): boolean {
  return FIELDS.every((field) => {
    const wanted = rule[field];
    if (wanted === undefined) return true;
    if (field === "service") return wanted.toLowerCase() === call.service.toLowerCase();
    return wanted === call[field];
  });
}
