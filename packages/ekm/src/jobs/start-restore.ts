import { permit, reaches } from "../access/authorize.js";
import { accountForWrite } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import type { Restore } from "./job.js";
import { NO_PROGRESS, speedLimit } from "./request.js";

const MAX_PATH_LENGTH = 4096;

/** Queues a restore of a backup that succeeded, into a directory under a root of the account (default: a new one named after it). */
export function startRestore(ports: Pick<Ports, "store" | "clock" | "ids" | "roots">): UseCases["startRestore"] {
  const { store, clock, ids, roots } = ports;
  const targetOf = async (
    accountId: string,
    target: string | undefined,
    restoreId: string,
    overwrite: boolean,
  ): Promise<Outcome<string, readonly Rejection[]>> => {
    if (target === undefined) return ok(roots.defaultTarget(accountId, restoreId));
    const given = boundedText(target, MAX_PATH_LENGTH, "target");
    if (!given.ok) return given;
    const resolved = await roots.resolveTarget(accountId, given.value, overwrite);
    return resolved.ok ? resolved : fail([{ field: ["input", "target"], ...resolved.error }]);
  };

  return idempotent(ports, "startRestore", rowEntity(store.read.restores), async (caller, input, claim) => {
    const permitted = permit(caller, "startRestore");
    if (!permitted.ok) return permitted;
    const limit = speedLimit(input.maxBytesPerSecond);
    if (!limit.ok) return limit;
    const backup = await store.read.backups.byId(input.backupId);
    if (!backup || !reaches(caller, "startRestore", backup.accountId)) {
      return fail([rejection("BACKUP_NOT_FOUND", undefined, ["input", "backupId"])]);
    }
    if (backup.status !== "SUCCEEDED") return fail([rejection("BACKUP_NOT_RESTORABLE", undefined, ["input", "backupId"])]);
    const id = ids.next("rst");
    const overwrite = input.overwrite ?? false;
    const target = await targetOf(backup.accountId, input.target, id, overwrite);
    if (!target.ok) return target;

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, backup.accountId, now);
      if (!account) throw new Error(`backup ${backup.id} belongs to no account`);
      if (account.keyLock) return fail([rejection("KEYS_LOCKED")]);

      const restore: Restore = {
        id,
        accountId: account.id,
        backupId: backup.id,
        target: target.value,
        overwrite,
        status: "QUEUED",
        progress: NO_PROGRESS,
        bytesReleased: 0n,
        createdAt: now,
        requestedBy: caller.subject,
        ...limit.value,
      };
      await tx.restores.insert(restore);
      await tx.jobs.enqueue({ id: ids.next("job"), kind: "RESTORE", accountId: account.id, subjectId: id, at: now });
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "RESTORE",
        outcome: "DONE",
        subject: id,
        detail: `A restore of ${backup.id} to ${target.value} was requested.`,
        awsRequestIds: [],
      });
      await claim.complete(tx, restore);
      return ok(restore);
    });
  });
}
