import { buildSchema, parse, specifiedRules, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { DOCUMENT_LIMITS, documentLimits, rootFieldsOf, toldOf } from "./document-limits.js";

const schema = buildSchema("type Query { node(a: Int): Node } type Node { id: ID child: Node }");
const problems = (query: string) =>
  toldOf(validate(schema, parse(query), [...specifiedRules, documentLimits], { maxErrors: 10 })).map(({ message }) => message);
const times = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n)).join(" ");

/** A document that holds so many of each. */
const HOLDING: { readonly [K in keyof typeof DOCUMENT_LIMITS]: (count: number) => string } = {
  operations: (count) => times(count, (n) => `query Q${n} { node { id } }`),
  fragments: (count) =>
    `{ node { id ${times(count, (n) => `...F${n}`)} } } ${times(count, (n) => `fragment F${n} on Node { id }`)}`,
  aliases: (count) => `{ node { ${times(count, (n) => `a${n}: id`)} } }`,
  directives: (count) => `{ node { id ${times(count, () => "@skip(if: false)")} } }`,
  variables: (count) => `query (${times(count, (n) => `$v${n}: Int`)}) { node { id } }`,
  repetitions: (count) => `{ node { ${times(count + 1, () => "id")} } }`,
  introspections: (count) => `{ ${times(count, (n) => `s${n}: __schema { description }`)} }`,
};

describe("document limits", () => {
  it.each(Object.keys(HOLDING) as (keyof typeof HOLDING)[])("allow so many %s, and refuse one more with one reason", (name) => {
    const most = DOCUMENT_LIMITS[name];
    expect(problems(HOLDING[name](most)).filter((message) => message.includes("are allowed"))).toEqual([]);
    expect(problems(HOLDING[name](most + 1))).toEqual([`The document holds ${most + 1} ${name}; ${most} are allowed.`]);
  });

  it("see what inline fragments repeat", () => {
    const count = DOCUMENT_LIMITS.repetitions + 2;
    expect(problems(`{ node { ${times(count, () => "... { id }")} } }`)).toEqual([expect.stringContaining("repetitions")]);
    expect(problems(`{ node { ${times(count, () => "... { ... { id } }")} } }`)).toEqual([
      expect.stringContaining("repetitions"),
    ]);
  });

  it("count a repetition once, however deep in inline fragments it stands", () => {
    expect(problems(`{ node { ... { ... { ... { ${times(DOCUMENT_LIMITS.repetitions + 1, () => "id")} } } } } }`)).toEqual([]);
  });

  it("leave every other error as it is", () => {
    expect(problems("{ node { nonsense } other }")).toHaveLength(2);
  });
});

describe("the fields of the root", () => {
  it.each([
    ["{ node { id child { id } } }", 1],
    ["{ a: node { id } b: node { id } a: node { id } }", 2],
    [
      "{ ... { a: node { id } } ...F ...F } fragment F on Query { b: node { id } ...G } fragment G on Query { c: node { id } }",
      3,
    ],
  ])("of %s are %i", (query, count) => {
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== "OperationDefinition") throw new Error("no operation");
    expect(rootFieldsOf(document, operation)).toBe(count);
  });
});
