import type { JobFilter, RestoreRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toRestore, toRestoreRow } from "../mappers/restore.js";
import { RestoreRows } from "../rows/restore.js";
import { cancellable, saveFenced } from "./job-rows.js";
import { before, newestFirst, toPage } from "./page.js";

export function restoreRepository(manager: EntityManager): RestoreRepository {
  const of = (accountId: string, filter: JobFilter) => ({
    accountId,
    ...(filter.status === undefined ? {} : { status: filter.status }),
  });

  return {
    async byId(id) {
      const row = await manager.findOneBy(RestoreRows, { id });
      return row && toRestore(row);
    },
    async insert(restore) {
      await manager.insert(RestoreRows, toRestoreRow(restore));
    },
    async saveFenced(restore, job) {
      return saveFenced(manager, RestoreRows, toRestoreRow(restore), job);
    },
    ...cancellable(manager, RestoreRows),
    async page(accountId, request, filter) {
      const rows = await manager.find(RestoreRows, {
        where: { ...of(accountId, filter), ...before(request) },
        ...newestFirst(request),
      });
      return toPage(rows, request, toRestore);
    },
    async count(accountId, filter) {
      return BigInt(await manager.countBy(RestoreRows, of(accountId, filter)));
    },
  };
}
