import { buildSchema, getIntrospectionQuery, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { queryLimits } from "./query-limits.js";

const schema = buildSchema(`
  type Query { node: Node list(first: Int = 20): Page }
  type Node { id: ID child: Node children(first: Int = 50): Page }
  type Page { nodes: [Node] }
`);
const problems = (query: string) => validate(schema, parse(query), [queryLimits]).map(({ message }) => message);

const nested = (levels: number) => `{ ${"node { ".repeat(1)}${"child { ".repeat(levels - 2)}id${" }".repeat(levels - 1)} }`;
const DEEP = /levels deep/;
const MUCH = /too much/;

describe("query limits", () => {
  it("allow 12 levels and no more, also through fragments", () => {
    expect(problems(nested(12))).toEqual([]);
    expect(problems(nested(13))).toEqual([expect.stringMatching(DEEP)]);
    const inFragment = `{ node { ...F } } fragment F on Node { ${"child { ".repeat(11)} id ${"}".repeat(11)} }`;
    expect(problems(inFragment)).toEqual([expect.stringMatching(DEEP)]);
  });

  it.each([
    ["named", "{ list(first: 100) { nodes { children(first: 100) { nodes { id child { id } } } } } }"],
    ["left to a variable", "query ($n: Int) { list(first: $n) { nodes { children(first: $n) { nodes { id child { id } } } } } }"],
    ["larger than allowed", "{ list(first: 999999999) { nodes { children(first: 999999999) { nodes { id child { id } } } } } }"],
    ["left to the default, thrice", "{ list { nodes { children { nodes { children { nodes { id } } } } } } }"],
  ])("count page sizes that are %s", (_how, query) => {
    expect(problems(query)).toEqual([expect.stringMatching(MUCH)]);
  });

  it("allow one large page, and small pages within pages", () => {
    expect(problems("{ list(first: 100) { nodes { id child { id } } } }")).toEqual([]);
    expect(problems("{ list(first: 10) { nodes { id children(first: 10) { nodes { id child { id } } } } } }")).toEqual([]);
  });

  it("count every alias, and every spread of a fragment", () => {
    const aliases = (count: number) =>
      Array.from({ length: count }, (_, n) => `a${n}: list(first: 100) { nodes { id } }`).join(" ");
    expect(problems(`{ ${aliases(90)} }`)).toEqual([]);
    expect(problems(`{ ${aliases(110)} }`)).toEqual([expect.stringMatching(MUCH)]);
    expect(problems(`{ ${"node { ...F } ".repeat(110)} } fragment F on Node { children(first: 100) { nodes { id } } }`)).toEqual([
      expect.stringMatching(MUCH),
    ]);
  });

  it("weigh a fragment once: doubling thirty times takes no time", () => {
    const fragments = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Node { ...F${n + 1} ...F${n + 1} }`).join(" ");
    const began = performance.now();
    expect(problems(`{ node { ...F0 } } ${fragments} fragment F30 on Node { id }`)).toEqual([expect.stringMatching(MUCH)]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("come to an end for fragments that contain themselves", () => {
    expect(problems("{ node { ...F } } fragment F on Node { child { ...F } }")).toEqual([]);
  });

  it("weigh introspection by itself: what tools ask is allowed, and twice that is not", () => {
    const whole = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, schemaDescription: true });
    expect(problems(whole)).toEqual([]);
    const thrice = whole.replace("types {", "a: types { ...FullType } b: types { ...FullType } types {");
    expect(problems(thrice)).toEqual([expect.stringMatching(/of the schema/)]);
  });
});
