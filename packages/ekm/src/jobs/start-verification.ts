import { permit, reaches } from "../access/authorize.js";
import { accountForWrite } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import type { Verification } from "./job.js";
import { NO_PROGRESS } from "./request.js";

const WHOLE = 100;

/** Queues a verification of a backup that succeeded: all of its objects, or a sample, are opened and checked; nothing is written. */
export function startVerification(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["startVerification"] {
  const { store, clock, ids } = ports;
  return idempotent(ports, "startVerification", rowEntity(store.read.verifications), async (caller, input, claim) => {
    const permitted = permit(caller, "startVerification");
    if (!permitted.ok) return permitted;
    const { backupId, samplePercent = WHOLE } = input;
    if (!(Number.isInteger(samplePercent) && samplePercent >= 1 && samplePercent <= WHOLE)) {
      return fail([rejection("INPUT_INVALID", "A whole number from 1 to 100 is needed.", ["input", "samplePercent"])]);
    }

    return store.transaction(async (tx) => {
      const now = clock.now();
      const backup = await tx.backups.byId(backupId);
      if (!backup || !reaches(caller, "startVerification", backup.accountId)) {
        return fail([rejection("BACKUP_NOT_FOUND", undefined, ["input", "backupId"])]);
      }
      if (backup.status !== "SUCCEEDED") return fail([rejection("BACKUP_NOT_RESTORABLE", undefined, ["input", "backupId"])]);
      const account = await accountForWrite(tx, backup.accountId, now);
      if (!account) throw new Error(`backup ${backup.id} belongs to no account`);
      if (account.keyLock) return fail([rejection("KEYS_LOCKED")]);

      const verification: Verification = {
        id: ids.next("vrf"),
        accountId: account.id,
        backupId,
        samplePercent,
        status: "QUEUED",
        progress: NO_PROGRESS,
        createdAt: now,
        requestedBy: caller.subject,
      };
      await tx.verifications.insert(verification);
      const job = { kind: "VERIFICATION", accountId: account.id, subjectId: verification.id } as const;
      await tx.jobs.enqueue({ ...job, id: ids.next("job"), at: now });
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "VERIFICATION",
        outcome: "DONE",
        subject: verification.id,
        detail: `A verification of ${backupId} was requested (${samplePercent} % of its objects).`,
        awsRequestIds: [],
      });
      await claim.complete(tx, verification);
      return ok(verification);
    });
  });
}
