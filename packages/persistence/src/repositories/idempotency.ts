import type { IdempotencyRecord, IdempotencyRepository } from "@ekm/ekm";
import { type EntityManager, IsNull, LessThan } from "typeorm";
import { toClaimRow, toIdempotencyRecord } from "../mappers/idempotency.js";
import { IdempotencyRows } from "../rows/idempotency.js";

const OLDEST = `(scope, operation, idempotency_key) IN (
  SELECT old.scope, old.operation, old.idempotency_key FROM idempotency_record old
  WHERE old.claimed_at < :before ORDER BY old.claimed_at LIMIT :limit)`;

const named = ({ scope, operation, key }: Pick<IdempotencyRecord, "scope" | "operation" | "key">) => ({
  scope,
  operation,
  idempotencyKey: key,
});
/** The claim of this very holder, while it has no result. */
const ownClaim = (record: IdempotencyRecord) => ({
  ...named(record),
  claimedAt: record.claimedAt.getTime(),
  result: IsNull(),
});

export function idempotencyRepository(manager: EntityManager): IdempotencyRepository {
  return {
    async find(scope, operation, key) {
      const row = await manager.findOneBy(IdempotencyRows, named({ scope, operation, key }));
      return row && toIdempotencyRecord(row);
    },
    async claim(record, voidBefore) {
      // Alone among writers, as every transaction is: nobody comes between these statements.
      const { bodyHash, claimedAt } = toClaimRow(record);
      const isVoid = { ...named(record), claimedAt: LessThan(voidBefore.getTime()), result: IsNull() };
      const { affected } = await manager.update(IdempotencyRows, isVoid, { bodyHash, claimedAt });
      if (affected === 1) return true;
      if ((await manager.findOneBy(IdempotencyRows, named(record))) !== null) return false;
      await manager.insert(IdempotencyRows, toClaimRow(record));
      return true;
    },
    async complete(record, result) {
      const { affected } = await manager.update(IdempotencyRows, ownClaim(record), { result: JSON.stringify(result) });
      return affected === 1;
    },
    async release(record) {
      await manager.delete(IdempotencyRows, ownClaim(record));
    },
    async deleteBefore(before, limit) {
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(IdempotencyRows)
        .where(OLDEST, { before: before.getTime(), limit })
        .execute();
      return affected ?? 0;
    },
  };
}
