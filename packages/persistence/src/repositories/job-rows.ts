import type { CancellableRepository, Job } from "@ekm/ekm";
import { type EntityManager, type EntitySchema, In, IsNull } from "typeorm";
import type { QueryDeepPartialEntity } from "typeorm/query-builder/QueryPartialEntity.js";
import type { JobRecordRow } from "../rows/job-record.js";
import { FENCE_HELD, fenceOf } from "./fence.js";

/** Writes all columns if the job still holds its fence. */
export async function saveFenced<R extends JobRecordRow>(
  manager: EntityManager,
  rows: EntitySchema<R>,
  row: R,
  job: Job,
): Promise<boolean> {
  const { id, ...columns } = row;
  const { affected } = await manager
    .createQueryBuilder()
    .update(rows)
    .set(columns as object as QueryDeepPartialEntity<R>)
    .where({ id })
    .andWhere(FENCE_HELD, fenceOf(job))
    .execute();
  return affected === 1;
}

export function cancellable<R extends JobRecordRow>(manager: EntityManager, rows: EntitySchema<R>): CancellableRepository {
  const update = async (where: object, columns: Partial<JobRecordRow>) => {
    const { affected } = await manager
      .createQueryBuilder()
      .update(rows)
      .set(columns as QueryDeepPartialEntity<R>)
      .where(where)
      .execute();
    return affected === 1;
  };
  return {
    async requestCancel(id, at) {
      await update({ id, status: In(["QUEUED", "RUNNING"]), cancelRequestedAt: IsNull() }, { cancelRequestedAt: at.getTime() });
    },
    async cancelQueued(id, at) {
      return update({ id, status: "QUEUED" }, { status: "CANCELLED", finishedAt: at.getTime() });
    },
  };
}
