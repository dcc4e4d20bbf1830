import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { optional, required, shape, text } from "./input.js";
import { keyId, POLICY_NAME } from "./members.js";
import { defineOperation, keyAt, ownKey } from "./operation.js";

/** Not possible across accounts: the width of another's policy can only be probed. */
export const getKeyPolicy = defineOperation({
  name: "GetKeyPolicy",
  input: shape({ KeyId: required(keyId), PolicyName: optional(text(1, 128, "[\\w]+")) }),
  uses: (input) => ownKey("kms:GetKeyPolicy", input.KeyId),
  async run(input, keys) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    if (fault) return fault;
    if ((input.PolicyName ?? POLICY_NAME) !== POLICY_NAME) return new AwsFault("NotFoundException", "No such policy exists");
    return { body: { Policy: condition.policy.text, PolicyName: POLICY_NAME } };
  },
});
