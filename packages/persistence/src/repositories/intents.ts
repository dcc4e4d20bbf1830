import type { IntentRepository } from "@ekm/ekm";
import { type EntityManager, IsNull, LessThan } from "typeorm";
import { toKmsIntent, toKmsIntentRow } from "../mappers/intent.js";
import { KmsIntentRows } from "../rows/intent.js";

export const intentRepository = (manager: EntityManager): IntentRepository => ({
  async insert(intent) {
    await manager.insert(KmsIntentRows, toKmsIntentRow(intent));
  },
  async finish(id, at, outcome, awsRequestIds) {
    const end = { finishedAt: at.getTime(), outcome, awsRequestIds: JSON.stringify(awsRequestIds) };
    await manager.update(KmsIntentRows, { id, finishedAt: IsNull() }, end);
  },
  async unfinished(before, limit) {
    const rows = await manager.find(KmsIntentRows, {
      where: { finishedAt: IsNull(), at: LessThan(before.getTime()) },
      order: { at: "ASC", id: "ASC" },
      take: limit,
    });
    return rows.map(toKmsIntent);
  },
});
