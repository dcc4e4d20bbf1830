import { AwsFault } from "../front/aws-fault.js";
import { acceptPolicy } from "../front/policy/accept.js";
import { stateFault } from "../keys/state-table.js";
import { flag, optional, required, shape, text } from "./input.js";
import { keyId, POLICY_NAME } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

/** Replaces the whole policy. */
export const putKeyPolicy = defineOperation({
  name: "PutKeyPolicy",
  input: shape({
    KeyId: required(keyId),
    PolicyName: optional(text(1, 128)),
    Policy: required(text(1, 131_072)),
    BypassPolicyLockoutSafetyCheck: optional(flag),
  }),
  uses: (input) => [{ action: "kms:PutKeyPolicy", key: input.KeyId, crossAccount: false }],
  async run(input, keys, { caller, region, keys: registry }) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("read-or-set-policy", record.arn, registry.latest(record));
    if (fault) return fault;
    if ((input.PolicyName ?? POLICY_NAME) !== POLICY_NAME) {
      return new AwsFault("ValidationException", `The policy name must be ${POLICY_NAME}.`);
    }
    const policy = acceptPolicy(input.Policy, caller, region, input.BypassPolicyLockoutSafetyCheck ?? false);
    if (policy instanceof AwsFault) return policy;
    return { body: {}, effectiveAt: registry.change(record, { policy }, "PutKeyPolicy") };
  },
});
