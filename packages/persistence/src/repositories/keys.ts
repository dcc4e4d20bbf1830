import { type KeyRepository, MAX_WRAPS_PER_GENERATION } from "@ekm/ekm";
import { type EntityManager, IsNull } from "typeorm";
import { toCanaryWrap, toCanaryWrapRow, toKeyGeneration, toKeyGenerationRow, toKeyWrap, toKeyWrapRow } from "../mappers/key.js";
import { CanaryWrapRows, KeyGenerationRows, KeyWrapRows } from "../rows/key.js";

const PENDING_GENERATIONS =
  "SELECT pending.generation FROM key_wrap pending WHERE pending.account_id = :accountId AND pending.key_arn = :keyArn AND pending.state = 'PENDING'";

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
    async leaveGeneration(accountId, generation, leftBecause) {
      await manager.update(KeyGenerationRows, { accountId, generation }, { leftBecause });
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
      const row = await manager.findOneBy(KeyWrapRows, { accountId, generation, state: "CURRENT" });
      return row && toKeyWrap(row);
    },
    async insertWrap(wrap) {
      await manager.insert(KeyWrapRows, toKeyWrapRow(wrap));
    },
    async promoteWraps(accountId, keyArn) {
      // First, for a generation has one current wrap at any moment.
      await manager
        .createQueryBuilder()
        .update(KeyWrapRows)
        .set({ state: "SUPERSEDED" })
        .where({ accountId, state: "CURRENT" })
        .andWhere(`generation IN (${PENDING_GENERATIONS})`, { accountId, keyArn })
        .execute();
      const { affected } = await manager.update(KeyWrapRows, { accountId, keyArn, state: "PENDING" }, { state: "CURRENT" });
      return affected ?? 0;
    },
    async deleteWraps(accountId, keyArn, state) {
      const { affected } = await manager.delete(KeyWrapRows, { accountId, keyArn, ...(state === undefined ? {} : { state }) });
      return affected ?? 0;
    },
    async deleteWrap(accountId, generation, keyArn) {
      await manager.delete(KeyWrapRows, { accountId, generation, keyArn });
    },
    async canary(accountId, keyArn) {
      const row = await manager.findOneBy(CanaryWrapRows, { accountId, keyArn });
      return row && toCanaryWrap(row);
    },
    async putCanary(canary) {
      await manager.upsert(CanaryWrapRows, toCanaryWrapRow(canary), ["accountId", "keyArn"]);
    },
    async deleteCanary(accountId, keyArn) {
      await manager.delete(CanaryWrapRows, { accountId, keyArn });
    },
  };
}
