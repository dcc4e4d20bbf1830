import type { Caller } from "../accounts.js";
import { AwsFault } from "../aws-fault.js";
import { conditionContext } from "./context.js";
import { evaluatePolicy } from "./evaluate.js";
import { parsePolicy } from "./parse.js";
import type { Policy } from "./policy.js";

const MAX_POLICY_BYTES = 32 * 1024;

export interface PolicyOffer {
  readonly caller: Caller;
  readonly region: string;
  /** AWS's simulated time. */
  readonly now: number;
  readonly keyArn: string;
  readonly bypassLockoutCheck: boolean | undefined;
}

/** The policy that a caller wants to put on a key of its own, or AWS's refusal: too long, malformed, locking its owner out. */
export function acceptPolicy(text: string, { caller, region, now, keyArn, bypassLockoutCheck }: PolicyOffer): Policy | AwsFault {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    return new AwsFault("LimitExceededException", `The key policy exceeds the limit of ${MAX_POLICY_BYTES} bytes.`);
  }
  const parsed = parsePolicy(text);
  if (!parsed.ok) return new AwsFault("MalformedPolicyDocumentException", parsed.problem);
  if (bypassLockoutCheck === true) return parsed.policy;
  const decision = evaluatePolicy(parsed.policy, {
    accountId: caller.account.id,
    callerArn: caller.arn,
    principalArn: caller.principalArn,
    action: "kms:PutKeyPolicy",
    resource: keyArn,
    context: conditionContext({ caller, region, now }),
  });
  if (decision === "allow") return parsed.policy;
  return new AwsFault(
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
  );
}
