import { stateFault } from "../keys/state-table.js";
import { optional, required, shape } from "./input.js";
import { keyMetadata } from "./key-metadata.js";
import { grantTokens, keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

/** Carries no encryption context: a policy that conditions everything on it refuses this. */
export const describeKey = defineOperation({
  name: "DescribeKey",
  input: shape({ KeyId: required(keyId), GrantTokens: optional(grantTokens) }),
  uses: (input) => [
    { action: "kms:DescribeKey", key: input.KeyId, crossAccount: true, alias: true, grantTokens: input.GrantTokens },
  ],
  async run(_input, keys, services) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    return fault ?? { body: { KeyMetadata: keyMetadata(record, condition, services) } };
  },
});
