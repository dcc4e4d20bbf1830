import type { Backup, Job, Restore, Verification } from "../../src/jobs/job.js";
import type {
  BackupRepository,
  JobFilter,
  RestoreRepository,
  SourceRepository,
  VerificationRepository,
} from "../../src/ports/store.js";
import { isHeld } from "./jobs.js";
import { insertRow, ownedBy, pageOf } from "./rows.js";
import type { State, Tables } from "./state.js";

/** What the three kinds of row share. */
function jobRows<T extends Backup | Restore | Verification>(tables: Tables, table: (state: State) => Map<string, T>) {
  const { read, write } = tables;
  return {
    async byId(id: string) {
      return table(read()).get(id) ?? null;
    },
    async insert(row: T) {
      insertRow(table(write()), row);
    },
    async saveFenced(row: T, job: Job) {
      if (!isHeld(tables, job)) return false;
      table(write()).set(row.id, row);
      return true;
    },
    async requestCancel(id: string, at: Date) {
      const row = table(read()).get(id);
      const open = row?.status === "QUEUED" || row?.status === "RUNNING";
      if (row && open && row.cancelRequestedAt === undefined) table(write()).set(id, { ...row, cancelRequestedAt: at });
    },
    async cancelQueued(id: string, at: Date) {
      const row = table(read()).get(id);
      if (row?.status !== "QUEUED") return false;
      table(write()).set(id, { ...row, status: "CANCELLED", finishedAt: at });
      return true;
    },
  };
}

const inFilter = (filter: JobFilter) => (row: Backup | Restore) =>
  (filter.status === undefined || row.status === filter.status) &&
  (filter.sourceId === undefined || ("sourceId" in row && row.sourceId === filter.sourceId));

export function memoryBackups(tables: Tables): BackupRepository {
  const { read } = tables;
  const succeededOf = (accountId: string) => ownedBy(read().backups, accountId).filter((backup) => backup.status === "SUCCEEDED");
  return {
    ...jobRows(tables, (state) => state.backups),
    async page(accountId, request, filter) {
      return pageOf(ownedBy(read().backups, accountId).filter(inFilter(filter)), request);
    },
    async count(accountId, filter) {
      return BigInt(ownedBy(read().backups, accountId).filter(inFilter(filter)).length);
    },
    async countByGeneration(accountId) {
      const counts = new Map<number, bigint>();
      for (const { generation } of succeededOf(accountId)) {
        if (generation !== undefined) counts.set(generation, (counts.get(generation) ?? 0n) + 1n);
      }
      return counts;
    },
    async impact(accountId) {
      const succeeded = succeededOf(accountId);
      return {
        backups: BigInt(succeeded.length),
        bytes: succeeded.reduce((sum, backup) => sum + (backup.bytes ?? 0n), 0n),
        generations: new Set(succeeded.map((backup) => backup.generation)).size,
      };
    },
  };
}

export const memoryRestores = (tables: Tables): RestoreRepository => ({
  ...jobRows(tables, (state) => state.restores),
  async page(accountId, request, filter) {
    return pageOf(ownedBy(tables.read().restores, accountId).filter(inFilter(filter)), request);
  },
  async count(accountId, filter) {
    return BigInt(ownedBy(tables.read().restores, accountId).filter(inFilter(filter)).length);
  },
});

export const memoryVerifications = (tables: Tables): VerificationRepository => jobRows(tables, (state) => state.verifications);

export const memorySources = ({ read, write }: Tables): SourceRepository => ({
  async byId(id) {
    return read().sources.get(id) ?? null;
  },
  async insert(source) {
    insertRow(write().sources, source);
  },
  async page(accountId, request) {
    return pageOf(ownedBy(read().sources, accountId), request);
  },
  async count(accountId) {
    return BigInt(ownedBy(read().sources, accountId).length);
  },
});
