import type { KeyRotation, RotationRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toGenerationFailure, toGenerationFailureRow, toKeyRotation, toKeyRotationRow } from "../mappers/rotation.js";
import { GenerationFailureRows, KeyRotationRows } from "../rows/rotation.js";
import { FENCE_HELD, fenceOf } from "./fence.js";
import { before, newestFirst, toPage } from "./page.js";

export function rotationRepository(manager: EntityManager): RotationRepository {
  const update = (rotation: KeyRotation, expected: KeyRotation["status"]) => {
    const { id, ...columns } = toKeyRotationRow(rotation);
    return manager.createQueryBuilder().update(KeyRotationRows).set(columns).where({ id, status: expected });
  };

  return {
    async byId(id) {
      const row = await manager.findOneBy(KeyRotationRows, { id });
      return row && toKeyRotation(row);
    },
    async insert(rotation) {
      await manager.insert(KeyRotationRows, toKeyRotationRow(rotation));
    },
    async save(rotation, expected) {
      const { affected } = await update(rotation, expected).execute();
      return affected === 1;
    },
    async saveFenced(rotation, expected, job) {
      const { affected } = await update(rotation, expected).andWhere(FENCE_HELD, fenceOf(job)).execute();
      return affected === 1;
    },
    async page(accountId, request) {
      const rows = await manager.find(KeyRotationRows, { where: { accountId, ...before(request) }, ...newestFirst(request) });
      return toPage(rows, request, toKeyRotation);
    },
    async count(accountId) {
      return BigInt(await manager.countBy(KeyRotationRows, { accountId }));
    },
    async putFailure(failure) {
      await manager.upsert(GenerationFailureRows, toGenerationFailureRow(failure), ["rotationId", "generation"]);
    },
    async failures(rotationId) {
      const rows = await manager.find(GenerationFailureRows, { where: { rotationId }, order: { generation: "ASC" } });
      return rows.map(toGenerationFailure);
    },
    async deleteFailures(rotationId) {
      await manager.delete(GenerationFailureRows, { rotationId });
    },
  };
}
