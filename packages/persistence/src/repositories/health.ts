import type { HealthRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toKeyHealth, toKeyHealthRow } from "../mappers/health.js";
import { AccountRows } from "../rows/account.js";
import { KeyHealthHistoryRows, KeyHealthRows } from "../rows/health.js";
import { before, newestFirst, toPage } from "./page.js";

export function healthRepository(manager: EntityManager): HealthRepository {
  const current = async (accountId: string) => {
    const row = await manager.findOneBy(KeyHealthRows, { accountId });
    return row && toKeyHealth(row);
  };

  return {
    current,
    async put(health) {
      const row = toKeyHealthRow(health);
      // The current row always has the state and code of the history's last one: either may be compared.
      const last = await current(health.accountId);
      if (last?.state !== health.state || last.problem?.code !== health.problem?.code) {
        await manager.insert(KeyHealthHistoryRows, row);
      }
      await manager.upsert(KeyHealthRows, row, ["accountId"]);
      await manager.update(AccountRows, { id: row.accountId }, { healthState: row.state, healthCheckedAt: row.checkedAt });
    },
    async history(accountId, request) {
      const rows = await manager.find(KeyHealthHistoryRows, {
        where: { accountId, ...before(request) },
        ...newestFirst(request),
      });
      return toPage(rows, request, toKeyHealth);
    },
  };
}
