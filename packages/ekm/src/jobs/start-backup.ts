import { accountNotFound, scope } from "../access/authorize.js";
import { keyManagementOf } from "../accounts/account.js";
import { accountForWrite } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import type { Backup } from "./job.js";
import { NO_PROGRESS, speedLimit } from "./request.js";

/** Queues a backup. Whether the key works is found out by the job: a key that fails is a backup that FAILED with a problem. */
export function startBackup(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["startBackup"] {
  const { store, clock, ids } = ports;
  return idempotent(ports, "startBackup", rowEntity(store.read.backups), async (caller, input, claim) => {
    const scoped = scope(caller, "startBackup", input.accountId);
    if (!scoped.ok) return scoped;
    const limit = speedLimit(input.maxBytesPerSecond);
    if (!limit.ok) return limit;

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, scoped.value, now);
      if (!account) return fail(accountNotFound());
      const source = await tx.sources.byId(input.sourceId);
      if (source?.accountId !== account.id) return fail([rejection("SOURCE_NOT_FOUND", undefined, ["input", "sourceId"])]);
      if (account.keyLock) return fail([rejection("KEYS_LOCKED")]);

      const backup: Backup = {
        id: ids.next("bkp"),
        accountId: account.id,
        sourceId: source.id,
        status: "QUEUED",
        progress: NO_PROGRESS,
        createdAt: now,
        createdUnder: keyManagementOf(account),
        requestedBy: caller.subject,
        ...limit.value,
      };
      await tx.backups.insert(backup);
      await tx.jobs.enqueue({ id: ids.next("job"), kind: "BACKUP", accountId: account.id, subjectId: backup.id, at: now });
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "BACKUP",
        outcome: "DONE",
        subject: backup.id,
        detail: `A backup of "${source.name}" was requested.`,
        awsRequestIds: [],
      });
      await claim.complete(tx, backup);
      return ok(backup);
    });
  });
}
