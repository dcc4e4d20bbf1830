import { AwsFault } from "../front/aws-fault.js";
import { acceptPolicy } from "../front/policy/accept.js";
import { stateFault } from "../keys/state-table.js";
import { flag, optional, required, shape, text } from "./input.js";
import { keyId, POLICY_NAME, policyText } from "./members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "./operation.js";

/** Replaces the whole policy. */
export const putKeyPolicy = defineOperation({
  name: "PutKeyPolicy",
  input: shape({
    KeyId: required(keyId),
    PolicyName: optional(text(1, 128, "[\\w]+")),
    Policy: required(policyText),
    BypassPolicyLockoutSafetyCheck: optional(flag),
  }),
  uses: (input) =>
    ownKey(
      "kms:PutKeyPolicy",
      input.KeyId,
      conditionValues({ "kms:BypassPolicyLockoutSafetyCheck": input.BypassPolicyLockoutSafetyCheck ?? false }),
    ),
  async run(input, keys, { caller, region, clock, keys: registry }) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, registry.latest(record));
    if (fault) return fault;
    if ((input.PolicyName ?? POLICY_NAME) !== POLICY_NAME) {
      return new AwsFault("UnsupportedOperationException", `The policy name must be ${POLICY_NAME}.`);
    }
    const policy = acceptPolicy(input.Policy, {
      caller,
      region,
      now: clock.now(),
      keyArn: record.arn,
      bypassLockoutCheck: input.BypassPolicyLockoutSafetyCheck,
    });
    if (policy instanceof AwsFault) return policy;
    return { body: {}, effectiveAt: registry.change(record, { policy }, "PutKeyPolicy") };
  },
});
