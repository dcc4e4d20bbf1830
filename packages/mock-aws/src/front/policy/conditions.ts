import { BlockList, isIP } from "node:net";
import type { ConditionContext } from "./policy.js";
import { expand, hasVariables } from "./variables.js";
import { matchesWildcard } from "./wildcard.js";

/** One operator applied to one condition key. */
export interface Condition {
  readonly operator: string;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | null;
  readonly ifExists: boolean;
  /** In lower case: AWS compares names of condition keys so. */
  readonly key: string;
  readonly values: readonly string[];
}

type Compare = (wanted: string, actual: string) => boolean;

interface Operator {
  readonly compare: Compare;
  /** Holds where *none* of the wanted values compares; that includes a key that is absent. */
  readonly negative?: true;
  /** Wanted values are patterns. */
  readonly pattern?: true;
}

const equal: Compare = (wanted, actual) => wanted === actual;
const equalIgnoringCase: Compare = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

const numbers =
  (holds: (actual: number, wanted: number) => boolean): Compare =>
  (wanted, actual) => {
    const [a, w] = [numberOf(actual), numberOf(wanted)];
    return a !== null && w !== null && holds(a, w);
  };

const dates =
  (holds: (actual: number, wanted: number) => boolean): Compare =>
  (wanted, actual) => {
    const [a, w] = [momentOf(actual), momentOf(wanted)];
    return a !== null && w !== null && holds(a, w);
  };

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negative: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negative: true },
  StringLike: { compare: matchesWildcard, pattern: true },
  StringNotLike: { compare: matchesWildcard, pattern: true, negative: true },
  ArnEquals: { compare: arnLike, pattern: true },
  ArnLike: { compare: arnLike, pattern: true },
  ArnNotEquals: { compare: arnLike, pattern: true, negative: true },
  ArnNotLike: { compare: arnLike, pattern: true, negative: true },
  NumericEquals: { compare: numbers((a, w) => a === w) },
  NumericNotEquals: { compare: numbers((a, w) => a === w), negative: true },
  NumericLessThan: { compare: numbers((a, w) => a < w) },
  NumericLessThanEquals: { compare: numbers((a, w) => a <= w) },
  NumericGreaterThan: { compare: numbers((a, w) => a > w) },
  NumericGreaterThanEquals: { compare: numbers((a, w) => a >= w) },
  DateEquals: { compare: dates((a, w) => a === w) },
  DateNotEquals: { compare: dates((a, w) => a === w), negative: true },
  DateLessThan: { compare: dates((a, w) => a < w) },
  DateLessThanEquals: { compare: dates((a, w) => a <= w) },
  DateGreaterThan: { compare: dates((a, w) => a > w) },
  DateGreaterThanEquals: { compare: dates((a, w) => a >= w) },
  BinaryEquals: { compare: equal },
  IpAddress: { compare: inBlock },
  NotIpAddress: { compare: inBlock, negative: true },
  Bool: { compare: equalIgnoringCase },
  Null: { compare: equalIgnoringCase },
};

/** Reads `ForAnyValue:StringLikeIfExists`; null for an operator that AWS has not. */
export function parseOperator(text: string): Pick<Condition, "operator" | "quantifier" | "ifExists"> | null {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text);
  const operator = parts?.[2];
  if (operator === undefined || !Object.hasOwn(OPERATORS, operator)) return null;
  const ifExists = parts?.[3] !== undefined;
  if (operator === "Null" && ifExists) return null;
  return { operator, quantifier: (parts?.[1] as Condition["quantifier"]) ?? null, ifExists };
}

/** IAM User Guide, "Condition operators" and "Set operators for multivalued context keys". */
export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  const actual = context.get(condition.key) ?? [];
  if (condition.operator === "Null")
    return condition.values.some((value) => equalIgnoringCase(value, String(actual.length === 0)));
  const operator = OPERATORS[condition.operator];
  if (operator === undefined) return false;
  const negative = operator.negative === true;
  if (actual.length === 0) {
    if (condition.ifExists || condition.quantifier === "ForAllValues") return true;
    return negative && condition.quantifier === null;
  }
  const holds = (value: string): boolean => condition.values.some((wanted) => operator.compare(wanted, value)) !== negative;
  const all = condition.quantifier === "ForAllValues" || (condition.quantifier === null && negative);
  return all ? actual.every(holds) : actual.some(holds);
}

/** The condition with its variables replaced; null where one has no value. */
export function expandCondition(condition: Condition, context: ConditionContext): Condition | null {
  if (!condition.values.some(hasVariables)) return condition;
  const asPattern = OPERATORS[condition.operator]?.pattern === true;
  const values = condition.values.map((value) => expand(value, context, asPattern));
  return values.every((value) => value !== null) ? { ...condition, values } : null;
}

/** The six parts of an ARN are compared one by one, so that a wildcard does not reach over a colon of the first five. */
function arnLike(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  if (wanted.length !== 6 || actual.length !== 6) return false;
  return wanted.every((part, index) => matchesWildcard(part, actual[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}

const numberOf = (text: string): number | null => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null);

/** ISO 8601, or seconds since 1970. */
function momentOf(text: string): number | null {
  const seconds = numberOf(text);
  if (seconds !== null) return seconds * 1000;
  const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? null : moment;
}

function inBlock(block: string, address: string): boolean {
  const [base = "", length] = block.split("/");
  const kind = isIP(base);
  if (kind === 0 || isIP(address) !== kind) return false;
  const family = kind === 4 ? "ipv4" : "ipv6";
  const prefix = length === undefined ? (kind === 4 ? 32 : 128) : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (kind === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list.check(address, family);
}
