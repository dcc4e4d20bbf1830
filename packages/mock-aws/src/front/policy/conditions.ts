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

const equal: Compare = (wanted, actual) => wanted === actual;
const equalIgnoringCase: Compare = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

/** Negative operators hold where *none* of the wanted values compares; that includes a key that is absent. */
const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negative: boolean }>> = {
  StringEquals: { compare: equal, negative: false },
  StringNotEquals: { compare: equal, negative: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase, negative: false },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negative: true },
  StringLike: { compare: matchesWildcard, negative: false },
  StringNotLike: { compare: matchesWildcard, negative: true },
  ArnEquals: { compare: arnLike, negative: false },
  ArnLike: { compare: arnLike, negative: false },
  ArnNotEquals: { compare: arnLike, negative: true },
  ArnNotLike: { compare: arnLike, negative: true },
  Bool: { compare: equalIgnoringCase, negative: false },
  Null: { compare: equalIgnoringCase, negative: false },
};

/** Reads `ForAnyValue:StringLikeIfExists`; null for an operator that is not simulated. */
export function parseOperator(text: string): Pick<Condition, "operator" | "quantifier" | "ifExists"> | null {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text);
  const operator = parts?.[2];
  if (operator === undefined || !Object.hasOwn(OPERATORS, operator)) return null;
  const ifExists = parts?.[3] !== undefined;
  if (operator === "Null" && ifExists) return null;
  return { operator, quantifier: (parts?.[1] as Condition["quantifier"]) ?? null, ifExists };
}

/** IAM User Guide, "Condition operators" and "Set operators for multivalued context keys". */
export function conditionHolds(condition: Condition, context: ReadonlyMap<string, readonly string[]>): boolean {
  const actual = context.get(condition.key) ?? [];
  if (condition.operator === "Null")
    return condition.values.some((value) => equalIgnoringCase(value, String(actual.length === 0)));
  const operator = OPERATORS[condition.operator];
  if (operator === undefined) return false;
  if (actual.length === 0) {
    if (condition.ifExists || condition.quantifier === "ForAllValues") return true;
    return operator.negative && condition.quantifier === null;
  }
  const holds = (value: string): boolean =>
    condition.values.some((wanted) => operator.compare(wanted, value)) !== operator.negative;
  const all = condition.quantifier === "ForAllValues" || (condition.quantifier === null && operator.negative);
  return all ? actual.every(holds) : actual.some(holds);
}

/** The six parts of an ARN are compared one by one, so that a wildcard does not reach over a colon of the first five. */
function arnLike(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  if (pattern === "*") return true;
  if (wanted.length !== 6 || actual.length !== 6) return false;
  return wanted.every((part, index) => matchesWildcard(part, actual[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}
