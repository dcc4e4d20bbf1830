import { conditionHolds } from "./conditions.js";
import type { Policy, PolicyRequest, PrincipalElement, Statement } from "./policy.js";
import { matchesWildcard } from "./wildcard.js";

export type PolicyDecision = "allow" | "explicit-deny" | "no-statement";

/** IAM User Guide, "Policy evaluation logic", for one resource policy: an explicit Deny outweighs every Allow. */
export function evaluatePolicy(policy: Policy, request: PolicyRequest): PolicyDecision {
  let decision: PolicyDecision = "no-statement";
  for (const statement of policy.statements) {
    if (!applies(statement, request)) continue;
    if (statement.effect === "Deny") return "explicit-deny";
    decision = "allow";
  }
  return decision;
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  return (
    matchesPrincipal(statement.principals, request) &&
    matchesPatterns(statement.actions, request.action.toLowerCase()) &&
    matchesPatterns(statement.resources, request.resource) &&
    statement.conditions.every((condition) => conditionHolds(condition, request.context))
  );
}

function matchesPatterns({ patterns, negated }: Statement["actions"], text: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, text)) !== negated;
}

/** An account (root ARN or 12 digits) stands for all its principals: their own IAM policy, here allow-all, has its say too. */
function matchesPrincipal({ aws, negated }: PrincipalElement, request: PolicyRequest): boolean {
  const named = aws.some(
    (principal) =>
      principal === "*" ||
      principal === request.accountId ||
      principal === `arn:aws:iam::${request.accountId}:root` ||
      principal === request.principalArn ||
      principal === request.callerArn,
  );
  return named !== negated;
}
