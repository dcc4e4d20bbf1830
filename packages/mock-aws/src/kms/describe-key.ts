import { stateFault } from "../keys/state-table.js";
import { required, shape } from "./input.js";
import { keyMetadata } from "./key-metadata.js";
import { keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

/** Carries no encryption context: a policy that conditions everything on it refuses this. */
export const describeKey = defineOperation({
  name: "DescribeKey",
  input: shape({ KeyId: required(keyId) }),
  uses: (input) => [{ action: "kms:DescribeKey", key: input.KeyId, crossAccount: true }],
  async run(_input, keys) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read-or-set-policy", record.arn, condition);
    return fault ?? { body: { KeyMetadata: keyMetadata(record, condition) } };
  },
});
