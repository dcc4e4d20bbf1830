import { rotationOwner } from "../../keys/rotate.js";
import { stateFault } from "../../keys/state-table.js";
import { required, shape } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";
import { rotationFault } from "./rotation-fault.js";

/** A replica answers for its primary. A key that is pending deletion is not rotated. */
export const getKeyRotationStatus = defineOperation({
  name: "GetKeyRotationStatus",
  input: shape({ KeyId: required(keyId) }),
  uses: (input) => [{ action: "kms:GetKeyRotationStatus", key: input.KeyId, crossAccount: true }],
  async run(_input, keys, { keys: registry }) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition) ?? rotationFault(record);
    if (fault) return fault;
    const schedule = condition.state.startsWith("Pending") ? null : rotationOwner(record, registry).rotation;
    return {
      body: {
        KeyId: record.arn,
        KeyRotationEnabled: schedule !== null,
        ...(schedule ? { RotationPeriodInDays: schedule.periodDays, NextRotationDate: schedule.nextAt / 1000 } : {}),
      },
    };
  },
});
