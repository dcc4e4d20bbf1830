import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { changeState } from "./change-state.js";
import { required, shape } from "./input.js";
import { keyId } from "./members.js";
import { defineOperation, keyAt, ownKey } from "./operation.js";

/** The key comes back Disabled. */
export const cancelKeyDeletion = defineOperation({
  name: "CancelKeyDeletion",
  input: shape({ KeyId: required(keyId) }),
  uses: (input) => ownKey("kms:CancelKeyDeletion", input.KeyId),
  async run(_input, keys, services) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("cancel-deletion", record.arn, services.keys.latest(record));
    if (fault) return fault;
    const effectiveAt = await changeState(
      services,
      record,
      { state: "Disabled", deletionDate: null, pendingWindowDays: null },
      "CancelKeyDeletion",
    );
    return effectiveAt instanceof AwsFault ? effectiveAt : { body: { KeyId: record.arn }, effectiveAt };
  },
});
