import { isCancellable, type KeyRotation } from "@ekm/ekm";
import type { GraphQLContext } from "../context.js";
import { presentProblem } from "../errors/present-problem.js";
import { shown } from "../shown.js";
import type { KeyRotationView } from "./key-rotation.js";

export const presentRotation = (
  rotation: KeyRotation,
  { caller, useCases: { queries } }: Pick<GraphQLContext, "caller" | "useCases">,
): KeyRotationView => ({
  __typename: "KeyRotation",
  id: rotation.id,
  fromArn: rotation.fromArn,
  toArn: rotation.toArn,
  status: rotation.status,
  rewrapped: rotation.rewrapped,
  total: rotation.total,
  startedAt: rotation.startedAt,
  pausedAt: rotation.pausedAt ?? null,
  finishedAt: rotation.finishedAt ?? null,
  cancellable: isCancellable(rotation),
  problem: rotation.problem === undefined ? null : presentProblem(rotation.problem),
  failures: async () => {
    const failures = await shown(queries.generationFailures(caller, rotation.id));
    return failures.map(({ generation, backups, problem }) => ({ generation, backups, problem: presentProblem(problem) }));
  },
  retirement: rotation.retirement ?? null,
});
