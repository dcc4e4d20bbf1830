import { stateFault } from "../keys/state-table.js";
import { required, shape, text } from "./input.js";
import { keyId } from "./members.js";
import { defineOperation, keyAt, ownKey } from "./operation.js";

export const updateKeyDescription = defineOperation({
  name: "UpdateKeyDescription",
  input: shape({ KeyId: required(keyId), Description: required(text(0, 8192)) }),
  uses: (input) => ownKey("kms:UpdateKeyDescription", input.KeyId),
  async run({ Description }, keys, { events, keys: registry }) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("describe", record.arn, registry.latest(record));
    if (fault) return fault;
    record.description = Description;
    events.change({ subject: "key", id: record.arn, change: "UpdateKeyDescription" });
    return { body: {} };
  },
});
