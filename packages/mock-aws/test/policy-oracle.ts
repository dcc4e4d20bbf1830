/**
 * A second evaluator of AWS policies, for comparison alone. Written from the rules of the IAM User Guide ("Policy evaluation
 * logic", "Condition operators", "Policy variables") on the documents as they are, with none of the package's code: slow,
 * with regular expressions and sets, and one rule after the other.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Document = { readonly [name: string]: Json };

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly principal: { readonly account: string; readonly arn: string; readonly session: string };
  readonly ownerAccount: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

type Match = "session" | "principal" | "account" | "not named";

const list = (value: Json | undefined): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value as Json];

/** Rule: everything is denied unless allowed, and an explicit deny anywhere wins. */
export function isAllowed(
  question: Question,
  keyPolicy: Document,
  identity: readonly Document[] | null,
  session: Document | null,
): boolean {
  const all = [keyPolicy, ...(identity ?? []), ...(session ? [session] : [])];
  const matching = (document: Document, effect: string): Match[] =>
    list(document["Statement"])
      .map((statement) => statement as Document)
      .filter((statement) => statement["Effect"] === effect)
      .map((statement) => matchOf(statement, document, question))
      .filter((match) => match !== "not named");
  if (all.some((document) => matching(document, "Deny").length > 0)) return false;

  const byKey = new Set(matching(keyPolicy, "Allow"));
  const byIdentity = identity === null || identity.some((document) => matching(document, "Allow").length > 0);
  const bySession = session === null || matching(session, "Allow").length > 0;
  if (question.principal.account !== question.ownerAccount) return byKey.size > 0 && byIdentity && bySession;
  if (byKey.has("session")) return true;
  if (byKey.has("principal") && bySession) return true;
  return byKey.size > 0 && byIdentity && bySession;
}

function matchOf(statement: Document, document: Document, question: Question): Match {
  const who = principalMatch(statement, question);
  if (who === "not named") return who;
  const texts = document["Version"] === "2012-10-17" ? question.context : null;
  const action = new RegExp(
    `^(${list(statement["Action"] ?? statement["NotAction"])
      .map(pattern)
      .join("|")})$`,
    "i",
  );
  if (action.test(question.action) === "NotAction" in statement) return "not named";
  const resources = list(statement["Resource"] ?? statement["NotResource"]).map((text) => substitute(String(text), texts, true));
  if (resources.includes(null)) return "not named";
  const resource = new RegExp(`^(${resources.join("|")})$`);
  if (resource.test(question.resource) === "NotResource" in statement) return "not named";
  const conditions = Object.entries((statement["Condition"] ?? {}) as Record<string, Record<string, Json>>);
  const held = conditions.every(([operator, block]) =>
    Object.entries(block).every(([key, values]) => conditionHeld(operator, key, list(values), question, texts)),
  );
  return held ? who : "not named";
}

function principalMatch(statement: Document, { principal }: Question): Match {
  if (!("Principal" in statement) && !("NotPrincipal" in statement)) return "principal";
  const element = statement["Principal"] ?? statement["NotPrincipal"];
  const named = element === "*" ? ["*"] : list((element as Document)["AWS"]).map(String);
  const hits = new Set(named);
  const anybody = hits.has("*") || hits.has(principal.arn);
  const account = hits.has(principal.account) || hits.has(`arn:aws:iam::${principal.account}:root`);
  if ("NotPrincipal" in statement) return anybody || account || hits.has(principal.session) ? "not named" : "principal";
  if (hits.has(principal.session)) return "session";
  if (anybody) return "principal";
  return account ? "account" : "not named";
}

/** As the source of a regular expression: `*` and `?` are wildcards, everything else stands for itself. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (text: Json): string =>
  String(text)
    .split("*")
    .map((part) => part.split("?").map(literally).join("."))
    .join(".*");

/** With variables put in, literally; null where one has no single value. `asPattern`: as a regular expression. */
function substitute(text: string, context: Question["context"] | null, asPattern: boolean): string | null {
  const plain = asPattern ? pattern : String;
  const literal = asPattern ? literally : String;
  if (context === null) return plain(text);
  let result = "";
  let rest = text;
  for (;;) {
    const start = rest.indexOf("${");
    const end = rest.indexOf("}", start);
    if (start < 0 || end < 0) return result + plain(rest);
    const [name = "", fallback] = rest.slice(start + 2, end).split(/,\s*/);
    const key = Object.keys(context).find((candidate) => candidate.toLowerCase() === name.trim().toLowerCase());
    const values = key === undefined ? [] : (context[key] ?? []);
    const value = ["*", "?", "$"].includes(name) ? name : values.length === 1 ? values[0] : fallback?.slice(1, -1);
    if (value === undefined) return null;
    result += plain(rest.slice(0, start)) + literal(value);
    rest = rest.slice(end + 1);
  }
}

function conditionHeld(
  text: string,
  key: string,
  wantedValues: readonly Json[],
  { context }: Question,
  variables: Question["context"] | null,
): boolean {
  const ifExists = text.endsWith("IfExists");
  const [set, operator] = text.replace("IfExists", "").includes(":")
    ? text.replace("IfExists", "").split(":")
    : ["", text.replace("IfExists", "")];
  const name = Object.keys(context).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  const present = name === undefined ? [] : (context[name] ?? []);
  const usesPattern = /Like|Arn/.test(String(operator));
  const wanted = wantedValues.map((value) => substitute(String(value), variables, usesPattern));
  if (wanted.includes(null)) return false;
  const values = wanted.map(String);
  if (operator === "Null") return values.some((value) => (value.toLowerCase() === "true") === (present.length === 0));
  const negative = /Not/.test(String(operator));
  const positive = String(operator).replace("Not", "");
  const one = (actual: string): boolean => values.some((value) => compare(positive, value, actual));
  if (present.length === 0) return ifExists || set === "ForAllValues" || (negative && set === "");
  if (set === "ForAllValues") return present.every((actual) => one(actual) !== negative);
  if (set === "ForAnyValue") return present.some((actual) => one(actual) !== negative);
  return negative ? !present.some(one) : present.some(one);
}

/** `wanted` is a regular expression's source for Like and Arn operators. */
function compare(operator: string, wanted: string, actual: string): boolean {
  const numbers = [Number(actual), Number(wanted)] as const;
  const dates = [Date.parse(actual), Date.parse(wanted)] as const;
  const order = (pair: readonly [number, number]): boolean => {
    if (operator.endsWith("LessThanEquals")) return pair[0] <= pair[1];
    if (operator.endsWith("LessThan")) return pair[0] < pair[1];
    if (operator.endsWith("GreaterThanEquals")) return pair[0] >= pair[1];
    if (operator.endsWith("GreaterThan")) return pair[0] > pair[1];
    return pair[0] === pair[1];
  };
  if (operator.startsWith("Numeric")) return order(numbers);
  if (operator.startsWith("Date")) return order(dates);
  if (operator === "StringEquals") return wanted === actual;
  if (operator === "StringEqualsIgnoreCase" || operator === "Bool") return wanted.toLowerCase() === actual.toLowerCase();
  if (operator === "StringLike") return new RegExp(`^${wanted}$`).test(actual);
  const parts = wanted.split(":");
  const actualParts = actual.split(":");
  if (parts.length < 6 || actualParts.length < 6) return wanted === ".*";
  const sixth = (all: readonly string[]): string[] => [...all.slice(0, 5), all.slice(5).join(":")];
  return sixth(parts).every((part, index) => new RegExp(`^${part}$`).test(sixth(actualParts)[index] ?? ""));
}
