import type { KeyCheck, KeyHealth } from "@ekm/ekm";
import { presentProblem } from "../errors/present-problem.js";
import type { KeyCheckView } from "./key-check.js";
import type { KeyHealthView } from "./key-health.js";

export const presentKeyHealth = (health: KeyHealth): KeyHealthView => ({
  state: health.state,
  since: health.since,
  problem: health.problem === undefined ? null : presentProblem(health.problem),
  warnings: health.warnings.map(presentProblem),
  checkedAt: health.checkedAt,
  lastUsableAt: health.lastUsableAt ?? null,
  deletionDate: health.deletionDate ?? null,
});

export const presentKeyCheck = (check: KeyCheck): KeyCheckView => ({
  check: check.check,
  verdict: check.verdict,
  code: check.code ?? null,
  message: check.message,
  remedy: check.remedy ?? null,
});
