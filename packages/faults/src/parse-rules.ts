import { EFFECT_NAMES, type FaultError, type FaultRule, type RuleEffect } from "./rule.js";

export type ParsedRules =
  | { readonly ok: true; readonly rules: FaultRule[] }
  | { readonly ok: false; readonly problems: string[] };

const MAX_RULES = 1000;
const MAX_TEXT = 1024;
const MAX_MS = 24 * 60 * 60 * 1000;

type Check = (value: unknown) => string | null;

const text: Check = (value) =>
  typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT
    ? null
    : `must be a string of 1-${MAX_TEXT} characters`;

function number(min: number, max: number, whole: boolean): Check {
  return (value) =>
    typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value))
      ? null
      : `must be a${whole ? " whole" : ""} number between ${min} and ${max}`;
}

const error: Check = (value) => {
  if (!isRecord(value)) return "must be an object {statusCode, code, message?}";
  for (const name of Object.keys(value)) {
    if (!["statusCode", "code", "message"].includes(name)) return `has an unknown field ${name}`;
  }
  const status = number(400, 599, true)(value["statusCode"]);
  if (status) return `.statusCode ${status}`;
  const code = text(value["code"]);
  if (code) return `.code ${code}`;
  const message = value["message"] === undefined ? null : text(value["message"]);
  return message ? `.message ${message}` : null;
};

const effect: Check = (value) =>
  EFFECT_NAMES.includes(value as RuleEffect) ? null : `must be one of ${EFFECT_NAMES.join(", ")}`;

const FIELDS: { readonly [K in keyof Required<FaultRule>]: Check } = {
  service: text,
  region: text,
  operation: text,
  probability: number(0, 1, false),
  error,
  keyArn: text,
  accountId: text,
  callerAccountId: text,
  latencyMs: number(0, MAX_MS, false),
  jitterMs: number(0, MAX_MS, false),
  count: number(1, Number.MAX_SAFE_INTEGER, true),
  durationMs: number(1, MAX_MS, false),
  effect,
};

/** Rules from untrusted JSON: an array of at most 1000. Every problem is named, with the rule's index and the field. */
export function parseFaultRules(input: unknown): ParsedRules {
  if (!Array.isArray(input)) return { ok: false, problems: ["the rules must be an array"] };
  if (input.length > MAX_RULES) return { ok: false, problems: [`at most ${MAX_RULES} rules`] };
  const problems: string[] = [];
  const rules = input.map((candidate: unknown, index) => parseRule(candidate, `[${index}]`, problems));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rules };
}

function parseRule(candidate: unknown, where: string, problems: string[]): FaultRule {
  if (!isRecord(candidate)) {
    problems.push(`${where} must be an object`);
    return {};
  }
  const rule: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(candidate)) {
    const check = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof FaultRule] : undefined;
    if (value === undefined || value === null) continue;
    const problem = check ? check(value) : "is not a field of a rule";
    if (problem) problems.push(`${where}.${name} ${problem}`);
    else rule[name] = name === "error" ? { ...(value as FaultError) } : value;
  }
  return rule;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
