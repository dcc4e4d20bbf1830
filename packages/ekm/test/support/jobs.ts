import type { Account, Backup, BackupEnd, Job, JobKind, Restore } from "../../src/index.js";
import type { MemoryPorts } from "../../testing/index.js";

const PROGRESS = { bytesDone: 0n, itemsDone: 0n };

/** A queued backup of a new source, with its job. */
export async function queueBackup(ports: MemoryPorts, account: Account, more: Partial<Backup> = {}): Promise<Backup> {
  const createdAt = ports.clock.now();
  const source = {
    id: ports.ids.next("src"),
    accountId: account.id,
    name: "data",
    kind: "DIRECTORY",
    location: "/data",
    createdAt,
  } as const;
  const backup: Backup = {
    id: ports.ids.next("bkp"),
    accountId: account.id,
    sourceId: source.id,
    status: "QUEUED",
    progress: PROGRESS,
    createdAt,
    createdUnder: "CLOUD",
    requestedBy: "operator",
    ...more,
  };
  await ports.store.transaction(async (tx) => {
    await tx.sources.insert(source);
    await tx.backups.insert(backup);
    await tx.jobs.enqueue({
      id: ports.ids.next("job"),
      kind: "BACKUP",
      accountId: account.id,
      subjectId: backup.id,
      at: createdAt,
    });
  });
  return backup;
}

export async function queueRestore(ports: MemoryPorts, backup: Backup, more: Partial<Restore> = {}): Promise<Restore> {
  const restore: Restore = {
    id: ports.ids.next("rst"),
    accountId: backup.accountId,
    backupId: backup.id,
    target: "/target",
    overwrite: false,
    status: "QUEUED",
    progress: PROGRESS,
    bytesReleased: 0n,
    createdAt: ports.clock.now(),
    requestedBy: "operator",
    ...more,
  };
  await ports.store.transaction(async (tx) => {
    await tx.restores.insert(restore);
    const { accountId, createdAt: at } = restore;
    await tx.jobs.enqueue({ id: ports.ids.next("job"), kind: "RESTORE", accountId, subjectId: restore.id, at });
  });
  return restore;
}

export async function queueSupersede(ports: MemoryPorts, account: Account): Promise<void> {
  const at = ports.clock.now();
  await ports.store.transaction((tx) =>
    tx.jobs.enqueue({ id: ports.ids.next("job"), kind: "SUPERSEDE", accountId: account.id, subjectId: account.id, at }),
  );
}

/** Throws when nothing of the kind can be claimed. */
export async function claim(ports: MemoryPorts, kind: JobKind, owner = "worker"): Promise<Job> {
  const job = await tryClaim(ports, kind, owner);
  if (job === null) throw new Error(`no ${kind} job is free`);
  return job;
}
export const tryClaim = (ports: MemoryPorts, kind: JobKind, owner = "worker"): Promise<Job | null> =>
  ports.store.transaction((tx) => tx.jobs.claim(owner, [kind], 15_000));

export const SEALED: BackupEnd & { readonly status: "SUCCEEDED" } = {
  status: "SUCCEEDED",
  generation: 1,
  manifest: { objectName: "acc/bkp/1/manifest", digest: "ab", version: 1 },
  bytes: 100n,
  items: 3n,
  contentDigest: "cd",
  lastSealedAt: new Date("2026-01-05T08:00:01.000Z"),
};
