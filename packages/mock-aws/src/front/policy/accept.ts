import type { Caller } from "../accounts.js";
import { AwsFault } from "../aws-fault.js";
import { conditionContext } from "./context.js";
import { evaluatePolicy } from "./evaluate.js";
import { parsePolicy } from "./parse.js";
import type { Policy } from "./policy.js";

const MAX_POLICY_BYTES = 32 * 1024;

/** The policy that a caller wants to put on a key of its own, or AWS's refusal: too long, malformed, locking its owner out. */
export function acceptPolicy(text: string, caller: Caller, region: string, bypassLockoutCheck: boolean): Policy | AwsFault {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    return new AwsFault("LimitExceededException", `The key policy exceeds the limit of ${MAX_POLICY_BYTES} bytes.`);
  }
  const parsed = parsePolicy(text);
  if (!parsed.ok) return new AwsFault("MalformedPolicyDocumentException", parsed.problem);
  const decision = evaluatePolicy(parsed.policy, {
    accountId: caller.account.id,
    callerArn: caller.arn,
    principalArn: caller.principalArn,
    action: "kms:PutKeyPolicy",
    resource: "*",
    context: conditionContext(caller, region, {}),
  });
  if (decision === "allow" || bypassLockoutCheck) return parsed.policy;
  return new AwsFault(
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
  );
}
