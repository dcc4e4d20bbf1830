import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { changeState } from "./change-state.js";
import { optional, required, shape, whole } from "./input.js";
import { keyId } from "./members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "./operation.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The key is gone when the simulated clock reaches the date. A primary with replicas first waits until they are gone. */
export const scheduleKeyDeletion = defineOperation({
  name: "ScheduleKeyDeletion",
  input: shape({ KeyId: required(keyId), PendingWindowInDays: optional(whole(7, 30)) }),
  uses: (input) =>
    ownKey(
      "kms:ScheduleKeyDeletion",
      input.KeyId,
      conditionValues({ "kms:ScheduleKeyDeletionPendingWindowInDays": input.PendingWindowInDays ?? 30 }),
    ),
  async run(input, keys, services) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("schedule-deletion", record.arn, services.keys.latest(record));
    if (fault) return fault;
    const days = input.PendingWindowInDays ?? 30;
    if (record.primaryRegion === record.region && services.keys.related(record).length > 0) {
      const waiting = { state: "PendingReplicaDeletion", deletionDate: null, pendingWindowDays: days } as const;
      const effectiveAt = await changeState(services, record, waiting, "ScheduleKeyDeletion");
      if (effectiveAt instanceof AwsFault) return effectiveAt;
      return { body: { KeyId: record.arn, KeyState: "PendingReplicaDeletion", PendingWindowInDays: days }, effectiveAt };
    }
    const deletionDate = services.clock.now() + days * DAY_MS;
    const effectiveAt = await changeState(services, record, { state: "PendingDeletion", deletionDate }, "ScheduleKeyDeletion");
    if (effectiveAt instanceof AwsFault) return effectiveAt;
    return {
      body: { KeyId: record.arn, DeletionDate: deletionDate / 1000, KeyState: "PendingDeletion", PendingWindowInDays: days },
      effectiveAt,
    };
  },
});
