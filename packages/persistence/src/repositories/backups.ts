import type { BackupRepository, JobFilter } from "@ekm/ekm";
import { type EntityManager, IsNull, Not } from "typeorm";
import { toBackup, toBackupRow } from "../mappers/backup.js";
import { BackupRows } from "../rows/backup.js";
import { cancellable, saveFenced } from "./job-rows.js";
import { before, newestFirst, toPage } from "./page.js";

export function backupRepository(manager: EntityManager): BackupRepository {
  const of = (accountId: string, filter: JobFilter) => ({
    accountId,
    ...(filter.status === undefined ? {} : { status: filter.status }),
    ...(filter.sourceId === undefined ? {} : { sourceId: filter.sourceId }),
  });

  return {
    async byId(id) {
      const row = await manager.findOneBy(BackupRows, { id });
      return row && toBackup(row);
    },
    async insert(backup) {
      await manager.insert(BackupRows, toBackupRow(backup));
    },
    async saveFenced(backup, job) {
      return saveFenced(manager, BackupRows, toBackupRow(backup), job);
    },
    ...cancellable(manager, BackupRows),
    async page(accountId, request, filter) {
      const rows = await manager.find(BackupRows, {
        where: { ...of(accountId, filter), ...before(request) },
        ...newestFirst(request),
      });
      return toPage(rows, request, toBackup);
    },
    async count(accountId, filter) {
      return BigInt(await manager.countBy(BackupRows, of(accountId, filter)));
    },
    async countByGeneration(accountId) {
      const rows = await manager
        .createQueryBuilder(BackupRows, "backup")
        .select("backup.generation", "generation")
        .addSelect("COUNT(*)", "backups")
        .where({ accountId, status: "SUCCEEDED", generation: Not(IsNull()) })
        .groupBy("backup.generation")
        .getRawMany<{ generation: number; backups: number | string }>();
      return new Map(rows.map(({ generation, backups }) => [generation, BigInt(backups)]));
    },
    async impact(accountId) {
      // By generation, in the order of the index that covers it. As text: a sum is exact beyond what a JavaScript number holds.
      const rows = await manager
        .createQueryBuilder(BackupRows, "backup")
        .select("COUNT(*)", "backups")
        .addSelect("CAST(SUM(backup.bytes) AS TEXT)", "bytes")
        .where({ accountId, status: "SUCCEEDED" })
        .groupBy("backup.generation")
        .getRawMany<{ backups: number | string; bytes: string | null }>();
      return {
        backups: rows.reduce((sum, row) => sum + BigInt(row.backups), 0n),
        bytes: rows.reduce((sum, row) => sum + BigInt(row.bytes ?? 0), 0n),
        generations: rows.length,
      };
    },
  };
}
