import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { changeState } from "./change-state.js";
import { optional, required, shape, whole } from "./input.js";
import { keyId } from "./members.js";
import { defineOperation, keyAt } from "./operation.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The key is gone when the simulated clock reaches the date. */
export const scheduleKeyDeletion = defineOperation({
  name: "ScheduleKeyDeletion",
  input: shape({ KeyId: required(keyId), PendingWindowInDays: optional(whole(7, 30)) }),
  uses: (input) => [{ action: "kms:ScheduleKeyDeletion", key: input.KeyId, crossAccount: false }],
  async run(input, keys, services) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("schedule-deletion", record.arn, services.keys.latest(record));
    if (fault) return fault;
    const days = input.PendingWindowInDays ?? 30;
    const deletionDate = services.clock.now() + days * DAY_MS;
    const effectiveAt = await changeState(services, record, { state: "PendingDeletion", deletionDate }, "ScheduleKeyDeletion");
    if (effectiveAt instanceof AwsFault) return effectiveAt;
    return {
      body: { KeyId: record.arn, DeletionDate: deletionDate / 1000, KeyState: "PendingDeletion", PendingWindowInDays: days },
      effectiveAt,
    };
  },
});
