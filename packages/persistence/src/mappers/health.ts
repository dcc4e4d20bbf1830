import type { KeyHealth, Problem } from "@ekm/ekm";
import type { KeyHealthRow } from "../rows/health.js";
import { fromJson, fromMs, present, required, toJson, toMs } from "./values.js";

export const toKeyHealthRow = (health: KeyHealth): KeyHealthRow => ({
  id: health.id,
  accountId: health.accountId,
  keyArn: health.keyArn,
  state: health.state,
  since: health.since.getTime(),
  problem: toJson(health.problem),
  warnings: JSON.stringify(health.warnings),
  checkedAt: health.checkedAt.getTime(),
  lastUsableAt: toMs(health.lastUsableAt),
  deletionDate: toMs(health.deletionDate),
});

export const toKeyHealth = (row: KeyHealthRow): KeyHealth => ({
  id: row.id,
  accountId: row.accountId,
  keyArn: row.keyArn,
  state: row.state,
  since: new Date(row.since),
  warnings: required(fromJson<Problem[]>(row.warnings), "warnings"),
  checkedAt: new Date(row.checkedAt),
  ...present({
    problem: fromJson<Problem>(row.problem),
    lastUsableAt: fromMs(row.lastUsableAt),
    deletionDate: fromMs(row.deletionDate),
  }),
});
