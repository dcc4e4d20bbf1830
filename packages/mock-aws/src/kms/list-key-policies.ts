import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { optional, required, shape, whole } from "./input.js";
import { keyId, marker, POLICY_NAME } from "./members.js";
import { defineOperation, keyAt, ownKey } from "./operation.js";
import { pageOf } from "./paging.js";

/** A key has one policy, and it is always named `default`. */
export const listKeyPolicies = defineOperation({
  name: "ListKeyPolicies",
  input: shape({ KeyId: required(keyId), Limit: optional(whole(1, 1000)), Marker: optional(marker) }),
  uses: (input) => ownKey("kms:ListKeyPolicies", input.KeyId),
  async run(input, keys) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    if (fault) return fault;
    const page = pageOf([POLICY_NAME], input, (name) => name, 100);
    return page instanceof AwsFault ? page : { body: { PolicyNames: page.items, ...page.paging } };
  },
});
