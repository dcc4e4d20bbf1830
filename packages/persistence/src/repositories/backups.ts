import type { BackupRepository, JobFilter } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toBackup, toBackupRow } from "../mappers/backup.js";
import { BackupRows } from "../rows/backup.js";
import { FENCE_HELD, fenceOf } from "./fence.js";
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
      const { id, ...columns } = toBackupRow(backup);
      const { affected } = await manager
        .createQueryBuilder()
        .update(BackupRows)
        .set(columns)
        .where({ id })
        .andWhere(FENCE_HELD, fenceOf(job))
        .execute();
      return affected === 1;
    },
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
