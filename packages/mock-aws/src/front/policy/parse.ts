import { type Condition, parseOperator } from "./conditions.js";
import type { Policy, PrincipalElement, Statement } from "./policy.js";

export type ParsedPolicy = { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly problem: string };

type Json = Record<string, unknown>;

/** `key`: of a key, with principals and resources; `identity`: of a principal; `trust`: of a role, about the role itself. */
export type PolicyKind = "key" | "identity" | "trust";

/**
 * A policy document. What the simulator cannot evaluate (an operator that AWS has not) is refused here, so that no statement is
 * ever taken to mean something else than it says.
 */
export function parsePolicy(text: string, kind: PolicyKind = "key"): ParsedPolicy {
  try {
    const document: unknown = JSON.parse(text);
    if (!isObject(document)) return { ok: false, problem: "The policy is not a JSON object." };
    const version = document["Version"];
    if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
      return { ok: false, problem: "The policy has an unknown version." };
    }
    const unknown = Object.keys(document).find((name) => !["Version", "Id", "Statement"].includes(name));
    if (unknown !== undefined) return { ok: false, problem: `The policy has the unknown element ${unknown}.` };
    const variables = version === "2012-10-17";
    const statements = oneOrMany(document["Statement"]).map((value) => statement(value, kind, variables));
    return statements.length > 0
      ? { ok: true, policy: { text, statements } }
      : { ok: false, problem: "The policy has no statement." };
  } catch (error) {
    if (error instanceof PolicyProblem) return { ok: false, problem: error.message };
    if (error instanceof SyntaxError) return { ok: false, problem: "The policy is not valid JSON." };
    throw error;
  }
}

class PolicyProblem extends Error {}

const ELEMENTS = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

function statement(value: unknown, kind: PolicyKind, variables: boolean): Statement {
  if (!isObject(value)) throw new PolicyProblem("A statement is not an object.");
  const unknown = Object.keys(value).find((name) => !ELEMENTS.includes(name));
  if (unknown !== undefined) throw new PolicyProblem(`A statement has the unknown element ${unknown}.`);
  const effect = value["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyProblem("A statement's Effect is neither Allow nor Deny.");
  const actions = patterns(value, "Action", "NotAction");
  return {
    effect,
    principals: kind === "identity" ? noPrincipals(value) : principals(value),
    actions: { ...actions, patterns: actions.patterns.map((action) => action.toLowerCase()) },
    resources: kind === "trust" ? { patterns: ["*"], negated: false } : patterns(value, "Resource", "NotResource"),
    conditions: conditions(value["Condition"]),
    variables,
  };
}

function noPrincipals(value: Json): null {
  if (value["Principal"] === undefined && value["NotPrincipal"] === undefined) return null;
  throw new PolicyProblem("An identity policy must not name a principal.");
}

function patterns(value: Json, name: string, negative: string): Statement["actions"] {
  if ((value[name] === undefined) === (value[negative] === undefined)) {
    throw new PolicyProblem(`A statement needs either ${name} or ${negative}.`);
  }
  const negated = value[name] === undefined;
  const texts = strings(value[negated ? negative : name], name);
  if (texts.length === 0) throw new PolicyProblem(`A statement's ${name} is empty.`);
  return { patterns: texts, negated };
}

function principals(value: Json): PrincipalElement {
  const negated = value["Principal"] === undefined;
  const element = negated ? value["NotPrincipal"] : value["Principal"];
  if (element === undefined || (!negated && value["NotPrincipal"] !== undefined)) {
    throw new PolicyProblem("A statement needs either Principal or NotPrincipal.");
  }
  if (element === "*") return { aws: ["*"], negated };
  if (!isObject(element)) throw new PolicyProblem("Policy contains a statement with one or more invalid principals.");
  for (const kind of Object.keys(element)) {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(kind)) {
      throw new PolicyProblem("Policy contains a statement with one or more invalid principals.");
    }
    strings(element[kind], "Principal");
  }
  const aws = element["AWS"] === undefined ? [] : strings(element["AWS"], "Principal");
  if (!aws.every(isPrincipal)) throw new PolicyProblem("Policy contains a statement with one or more invalid principals.");
  return { aws, negated };
}

const isPrincipal = (text: string): boolean =>
  text === "*" ||
  /^\d{12}$/.test(text) ||
  /^arn:aws:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*?]+)$/.test(text);

function conditions(value: unknown): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicyProblem("A statement's Condition is not an object.");
  return Object.entries(value).flatMap(([text, block]) => {
    const operator = parseOperator(text);
    if (operator === null) throw new PolicyProblem(`The condition operator ${text} is not supported by this simulator.`);
    if (!isObject(block)) throw new PolicyProblem(`The condition operator ${text} has no condition keys.`);
    return Object.entries(block).map(([key, values]) => ({ ...operator, key: key.toLowerCase(), values: strings(values, key) }));
  });
}

function strings(value: unknown, name: string): string[] {
  return oneOrMany(value).map((item) => {
    const text = typeof item === "boolean" || typeof item === "number" ? String(item) : item;
    if (typeof text !== "string") throw new PolicyProblem(`${name} must be a string or a list of strings.`);
    return text;
  });
}

const oneOrMany = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
