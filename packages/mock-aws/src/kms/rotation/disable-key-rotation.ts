import { stateFault } from "../../keys/state-table.js";
import { required, shape } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { replicaFault, rotationFault } from "./rotation-fault.js";

export const disableKeyRotation = defineOperation({
  name: "DisableKeyRotation",
  input: shape({ KeyId: required(keyId) }),
  uses: (input) => ownKey("kms:DisableKeyRotation", input.KeyId),
  async run(_input, keys, { keys: registry, events }) {
    const { record } = keyAt(keys, 0);
    const fault =
      rotationFault(record) ?? stateFault("switch-rotation", record.arn, registry.latest(record)) ?? replicaFault(record);
    if (fault) return fault;
    record.rotation = null;
    events.change({ subject: "key", id: record.arn, change: "DisableKeyRotation" });
    return { body: {} };
  },
});
