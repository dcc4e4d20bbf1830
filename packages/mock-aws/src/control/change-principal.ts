import type { PrincipalRecord } from "../front/accounts.js";
import { type PolicyKind, parsePolicy } from "../front/policy/parse.js";
import type { Policy } from "../front/policy/policy.js";
import { ControlError, type PolicyDocument, type PrincipalChange } from "./interface.js";

/** All of the change, or none of it: ControlError 400 for a policy that cannot be read. */
export function changePrincipal(principal: PrincipalRecord, change: PrincipalChange): void {
  const policies = change.policies?.map((document) => policyOf(document, "identity"));
  const trust = change.trustPolicy == null ? change.trustPolicy : policyOf(change.trustPolicy, "trust");
  if (change.policies !== undefined) principal.policies = policies ?? null;
  if (trust !== undefined) principal.trust = trust;
  if (change.tags !== undefined) principal.tags = change.tags;
  if (change.viaService !== undefined) principal.viaService = change.viaService;
}

function policyOf(document: PolicyDocument, kind: PolicyKind): Policy {
  const parsed = parsePolicy(typeof document === "string" ? document : JSON.stringify(document), kind);
  if (!parsed.ok) throw new ControlError(400, parsed.problem);
  return parsed.policy;
}
