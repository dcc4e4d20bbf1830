import type { SourceRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toBackupSource, toBackupSourceRow } from "../mappers/source.js";
import { BackupSourceRows } from "../rows/source.js";
import { before, newestFirst, toPage } from "./page.js";

export function sourceRepository(manager: EntityManager): SourceRepository {
  return {
    async byId(id) {
      const row = await manager.findOneBy(BackupSourceRows, { id });
      return row && toBackupSource(row);
    },
    async insert(source) {
      await manager.insert(BackupSourceRows, toBackupSourceRow(source));
    },
    async page(accountId, request) {
      const rows = await manager.find(BackupSourceRows, {
        where: { accountId, ...before(request) },
        ...newestFirst(request),
      });
      return toPage(rows, request, toBackupSource);
    },
    async count(accountId) {
      return BigInt(await manager.countBy(BackupSourceRows, { accountId }));
    },
  };
}
