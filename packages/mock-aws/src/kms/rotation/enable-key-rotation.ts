import { nextRotation } from "../../keys/rotate.js";
import { stateFault } from "../../keys/state-table.js";
import { optional, required, shape, whole } from "../input.js";
import { keyId } from "../members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "../operation.js";
import { replicaFault, rotationFault } from "./rotation-fault.js";

/** Every 365 days, or as many as are asked for; counted from now. */
export const enableKeyRotation = defineOperation({
  name: "EnableKeyRotation",
  input: shape({ KeyId: required(keyId), RotationPeriodInDays: optional(whole(90, 2560)) }),
  uses: (input) =>
    ownKey("kms:EnableKeyRotation", input.KeyId, conditionValues({ "kms:RotationPeriodInDays": input.RotationPeriodInDays })),
  async run(input, keys, { keys: registry, clock, events }) {
    const { record } = keyAt(keys, 0);
    const fault =
      rotationFault(record) ?? stateFault("switch-rotation", record.arn, registry.latest(record)) ?? replicaFault(record);
    if (fault) return fault;
    const days = input.RotationPeriodInDays ?? record.rotation?.periodDays ?? 365;
    if (record.rotation?.periodDays !== days) record.rotation = nextRotation(clock.now(), days);
    events.change({ subject: "key", id: record.arn, change: "EnableKeyRotation" });
    return { body: {} };
  },
});
