import type { Caller } from "./accounts.js";
import {
  evaluateIdentityPolicies,
  evaluatePolicy,
  type Naming,
  type PolicyDecision,
  type ResourceDecision,
} from "./policy/evaluate.js";
import type { PolicyRequest } from "./policy/policy.js";

/** Why a request is refused: which kind of policy denied it, or which kind had to allow it and did not. */
export type Refusal = "resource-deny" | "identity-deny" | "no-resource-allow" | "no-identity-allow";

/** What the caller's identity policies say; without any, all is allowed. A session's policy narrows them. */
export function identityDecision(caller: Caller, request: PolicyRequest): PolicyDecision {
  const own = caller.principal.policies === null ? "allow" : evaluateIdentityPolicies(caller.principal.policies, request);
  const session = sessionDecision(caller, request);
  if (own === "explicit-deny" || session === "explicit-deny") return "explicit-deny";
  return own === "allow" && session === "allow" ? "allow" : "no-statement";
}

const sessionDecision = ({ session }: Caller, request: PolicyRequest): PolicyDecision =>
  session?.policy ? evaluatePolicy(session.policy, request) : "allow";

/**
 * IAM User Guide, "Policy evaluation logic". Within an account, a resource policy that names the principal suffices; one that
 * names the account leaves it to identity policies. Across accounts both must allow. Null: permitted.
 */
export function refusalOf(
  caller: Caller,
  request: PolicyRequest,
  resource: ResourceDecision,
  sameAccount: boolean,
): Refusal | null {
  if (resource === "explicit-deny") return "resource-deny";
  const identity = identityDecision(caller, request);
  if (identity === "explicit-deny") return "identity-deny";
  if (resource === "no-statement") return "no-resource-allow";
  if (identity === "allow") return null;
  return sameAccount && suffices(resource, caller, request) ? null : "no-identity-allow";
}

/** A session's policy narrows what the role is allowed by name, but not what the session itself is. */
function suffices(naming: Naming, caller: Caller, request: PolicyRequest): boolean {
  if (naming === "session") return true;
  return naming === "principal" && sessionDecision(caller, request) === "allow";
}
