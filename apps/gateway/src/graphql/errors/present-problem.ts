import { ERROR_CATALOG, type Problem, type Rejection } from "@ekm/ekm";
import type { ProblemView } from "./problem.js";
import type { UserErrorView } from "./user-error.js";

export const presentProblem = (problem: Problem): ProblemView => ({
  code: problem.code,
  message: problem.message,
  remedy: ERROR_CATALOG[problem.code].remedy,
  possibleCauses: problem.possibleCauses,
  retryable: ERROR_CATALOG[problem.code].retryable,
  keyArn: problem.keyArn ?? null,
  awsErrorName: problem.awsErrorName ?? null,
  awsRequestId: problem.awsRequestId ?? null,
});

export const presentUserError = (rejection: Rejection): UserErrorView => ({
  code: rejection.code,
  message: rejection.message,
  remedy: ERROR_CATALOG[rejection.code].remedy,
  field: rejection.field ?? null,
  retryable: ERROR_CATALOG[rejection.code].retryable,
  retryAfterMs: rejection.retryAfterMs ?? null,
});
