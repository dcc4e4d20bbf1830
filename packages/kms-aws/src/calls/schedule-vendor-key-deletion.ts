import { ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import type { KmsOutcome } from "@ekm/ekm";
import type { Caller } from "./caller.js";
import { describeKey } from "./describe-key.js";

/** The shortest that AWS allows. */
const WAITING_DAYS = 7;
const DAY_MS = 24 * 3600 * 1000;

/** A key that is pending deletion already, or gone, is a success: the work may be repeated after a crash. */
export async function scheduleVendorKeyDeletion(
  caller: Caller,
  keyArn: string,
  now: () => Date,
): Promise<KmsOutcome<{ deletionDate: Date }>> {
  const scheduled = await caller.attempt({
    keyArn,
    send: (client, options) =>
      client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: WAITING_DAYS }), options),
    // Some emulators answer the bare id here; the date is what matters.
    read: ({ KeyId, DeletionDate }) =>
      DeletionDate !== undefined && KeyId !== undefined && keyArn.endsWith(KeyId) ? { deletionDate: DeletionDate } : null,
  });
  if (scheduled.ok) return scheduled;
  if (scheduled.error.code === "KEY_NOT_FOUND") return { ok: true, value: { deletionDate: now() } };
  if (scheduled.error.code !== "KEY_PENDING_DELETION") return scheduled;
  const described = await describeKey(caller, keyArn);
  if (!described.ok) return described;
  const latest = new Date(now().getTime() + WAITING_DAYS * DAY_MS);
  return { ...described, value: { deletionDate: described.value.deletionDate ?? latest } };
}
