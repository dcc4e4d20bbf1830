import { conditionHolds, expandCondition } from "./conditions.js";
import type { Policy, PolicyRequest, PrincipalElement, Statement } from "./policy.js";
import { expand, hasVariables } from "./variables.js";
import { matchesWildcard } from "./wildcard.js";

export type PolicyDecision = "allow" | "explicit-deny" | "no-statement";

/**
 * How a resource policy names the caller that it allows: the very session, the principal itself (or everybody), or only the
 * account, whose identity policies then decide.
 */
export type Naming = "session" | "principal" | "account";
export type ResourceDecision = Naming | "explicit-deny" | "no-statement";

const STRENGTH: Readonly<Record<Naming, number>> = { account: 1, principal: 2, session: 3 };

/** IAM User Guide, "Policy evaluation logic", for one document: an explicit Deny outweighs every Allow. */
export function evaluatePolicy(policy: Policy, request: PolicyRequest): PolicyDecision {
  const decision = evaluateResourcePolicy(policy, request);
  return decision === "explicit-deny" || decision === "no-statement" ? decision : "allow";
}

/** The same, and how the strongest statement that allows names the caller. */
export function evaluateResourcePolicy(policy: Policy, request: PolicyRequest): ResourceDecision {
  let strongest: Naming | null = null;
  for (const statement of policy.statements) {
    const naming = applies(statement, request);
    if (naming === null) continue;
    if (statement.effect === "Deny") return "explicit-deny";
    if (strongest === null || STRENGTH[naming] > STRENGTH[strongest]) strongest = naming;
  }
  return strongest ?? "no-statement";
}

/** Several identity policies of one principal, as one. */
export function evaluateIdentityPolicies(policies: readonly Policy[], request: PolicyRequest): PolicyDecision {
  const decisions = policies.map((policy) => evaluatePolicy(policy, request));
  if (decisions.includes("explicit-deny")) return "explicit-deny";
  return decisions.includes("allow") ? "allow" : "no-statement";
}

/** Null where the statement is not about this request. */
function applies(statement: Statement, request: PolicyRequest): Naming | null {
  const naming = namingOf(statement.principals, request);
  const about =
    naming !== null &&
    matchesAction(statement, request.action.toLowerCase()) &&
    matchesResource(statement, request) &&
    conditionsHold(statement, request);
  return about ? naming : null;
}

const matchesAction = ({ actions }: Statement, action: string): boolean =>
  actions.patterns.some((pattern) => matchesWildcard(pattern, action)) !== actions.negated;

function matchesResource({ resources, variables }: Statement, request: PolicyRequest): boolean {
  let named = false;
  for (const pattern of resources.patterns) {
    const expanded = variables && hasVariables(pattern) ? expand(pattern, request.context, true) : pattern;
    if (expanded === null) return false;
    named ||= matchesWildcard(expanded, request.resource);
  }
  return named !== resources.negated;
}

function conditionsHold({ conditions, variables }: Statement, request: PolicyRequest): boolean {
  return conditions.every((condition) => {
    const expanded = variables ? expandCondition(condition, request.context) : condition;
    return expanded !== null && conditionHolds(expanded, request.context);
  });
}

function namingOf(element: PrincipalElement | null, request: PolicyRequest): Naming | null {
  if (element === null) return "principal";
  if (element.negated) return element.aws.some((principal) => naming(principal, request) !== null) ? null : "principal";
  let strongest: Naming | null = null;
  for (const principal of element.aws) {
    const how = naming(principal, request);
    if (how !== null && (strongest === null || STRENGTH[how] > STRENGTH[strongest])) strongest = how;
  }
  return strongest;
}

function naming(principal: string, { accountId, callerArn, principalArn }: PolicyRequest): Naming | null {
  if (principal === "*" || principal === principalArn) return "principal";
  if (principal === callerArn) return "session";
  return principal === accountId || principal === `arn:aws:iam::${accountId}:root` ? "account" : null;
}
