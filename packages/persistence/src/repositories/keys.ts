import { type KeyRepository, MAX_WRAPS_PER_GENERATION } from "@ekm/ekm";
import { type EntityManager, IsNull } from "typeorm";
import { toCanaryWrap, toCanaryWrapRow, toKeyGeneration, toKeyGenerationRow, toKeyWrap, toKeyWrapRow } from "../mappers/key.js";
import { CanaryWrapRows, KeyGenerationRows, KeyWrapRows } from "../rows/key.js";

export function keyRepository(manager: EntityManager): KeyRepository {
  return {
    async generations(accountId) {
      const rows = await manager.find(KeyGenerationRows, { where: { accountId }, order: { generation: "ASC" } });
      return rows.map(toKeyGeneration);
    },
    async generation(accountId, generation) {
      const row = await manager.findOneBy(KeyGenerationRows, { accountId, generation });
      return row && toKeyGeneration(row);
    },
    async insertGeneration(generation) {
      await manager.insert(KeyGenerationRows, toKeyGenerationRow(generation));
    },
    async closeGeneration(accountId, generation, at) {
      await manager.update(KeyGenerationRows, { accountId, generation, closedAt: IsNull() }, { closedAt: at.getTime() });
    },
    async reserveWraps(accountId, generation, count) {
      const { affected } = await manager
        .createQueryBuilder()
        .update(KeyGenerationRows)
        .set({ reservedWraps: () => "reserved_wraps + :count" })
        .where({ accountId, generation, closedAt: IsNull() })
        .andWhere("reserved_wraps + :count <= :most", { count, most: MAX_WRAPS_PER_GENERATION })
        .execute();
      return affected === 1;
    },
    async wraps(accountId) {
      const rows = await manager.find(KeyWrapRows, { where: { accountId }, order: { generation: "ASC", id: "ASC" } });
      return rows.map(toKeyWrap);
    },
    async currentWrap(accountId, generation) {
      const [row] = await manager.find(KeyWrapRows, {
        where: { accountId, generation, state: "CURRENT" },
        order: { id: "ASC" },
        take: 1,
      });
      return row === undefined ? null : toKeyWrap(row);
    },
    async insertWrap(wrap) {
      await manager.insert(KeyWrapRows, toKeyWrapRow(wrap));
    },
    async promoteWraps(accountId, keyArn) {
      const { affected } = await manager.update(KeyWrapRows, { accountId, keyArn, state: "PENDING" }, { state: "CURRENT" });
      return affected ?? 0;
    },
    async deleteWraps(accountId, keyArn, state) {
      const { affected } = await manager.delete(KeyWrapRows, { accountId, keyArn, ...(state === undefined ? {} : { state }) });
      return affected ?? 0;
    },
    async canary(accountId, keyArn) {
      const row = await manager.findOneBy(CanaryWrapRows, { accountId, keyArn });
      return row && toCanaryWrap(row);
    },
    async putCanary(canary) {
      await manager.upsert(CanaryWrapRows, toCanaryWrapRow(canary), ["accountId", "keyArn"]);
    },
  };
}
