// Invariant: every list of the schema is a keyset connection that is right about itself, and every type with an id is answered by `node`, to
// its owner and to nobody else. Both are taken from the schema: a list or a type that is added is among them.
import { type GraphQLField, type GraphQLInterfaceType, type GraphQLObjectType, getNamedType, isObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../src/graphql/schema.js";
import { startStackWithWebhooks, tenantWithEverything } from "./support/everything.js";
import type { Stack } from "./support/stack.js";

const schema = buildSchema();
const NODE_TYPES = schema
  .getPossibleTypes(schema.getType("Node") as GraphQLInterfaceType)
  .map(({ name }) => name)
  .sort();

let stack: Stack;
let own: Awaited<ReturnType<typeof tenantWithEverything>>;
let other: Awaited<ReturnType<typeof tenantWithEverything>>;
beforeAll(async () => {
  stack = await startStackWithWebhooks();
  own = await tenantWithEverything(stack, "Own");
  other = await tenantWithEverything(stack, "Other");
}, 60_000);
afterAll(async () => {
  await stack.close();
});

/** Where a list hangs, as a selection around it, for the types that have lists. */
const AROUND: Readonly<Record<string, (list: string) => string>> = {
  Query: (list) => `{ ${list} }`,
  Account: (list) => `{ account { ${list} } }`,
  EkmConfiguration: (list) => `{ account { ekm { ${list} } } }`,
  CustomerKey: (list) => `{ account { ekm { key { ${list} } } } }`,
  Webhook: (list) => `{ node(id: "${own.nodes["Webhook"]}") { ... on Webhook { ${list} } } }`,
};

const isConnection = ({ type }: GraphQLField<unknown, unknown>) => getNamedType(type).name.endsWith("Connection");
const CONNECTIONS: readonly (readonly [name: string, owner: string, field: string, counted: boolean])[] = Object.values(
  schema.getTypeMap(),
)
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter(isConnection)
      .map((field) => {
        const counted = "totalCount" in (getNamedType(field.type) as GraphQLObjectType).getFields();
        return [`${type.name}.${field.name}`, type.name, field.name, counted] as const;
      }),
  );

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: object }[];
  readonly nodes: readonly object[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  readonly totalCount?: string;
}

/** The list, wherever it lies in the answer. */
function listIn(data: unknown): Page {
  const { list, ...rest } = data as { list?: Page };
  if (list !== undefined) return list;
  const [next] = Object.values(rest);
  return listIn(next);
}

describe.each(CONNECTIONS)("%s", (_name, owner, field, counted) => {
  const ask = async (page: string): Promise<Page> => {
    const fields =
      "edges { cursor node { __typename } } nodes { __typename } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    const around = AROUND[owner];
    if (around === undefined) throw new Error(`it is not known where ${owner} is found`);
    const query = around(`list: ${field}(${page}) { ${fields} ${counted ? "totalCount" : ""} }`);
    const { data, errors } =
      owner === "Query" ? await stack.as("SUPPORT", undefined, query) : await stack.as("ACCOUNT_ADMIN", own.account, query);
    expect(errors).toEqual([]);
    return listIn(data);
  };

  it("takes first and after, and walks to its end one by one", async () => {
    const whole = await ask("first: 100");
    expect(whole.edges.length).toBeGreaterThanOrEqual(2);
    const cursors: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Page = await ask(`first: 1${after === null ? "" : `, after: "${after}"`}`);
      expect(page.nodes).toEqual(page.edges.map(({ node }) => node));
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor);
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
      expect(page.totalCount).toBe(counted ? String(whole.edges.length) : undefined);
      cursors.push(...page.edges.map(({ cursor }) => cursor));
      after = page.pageInfo.endCursor;
      expect(page.pageInfo.hasNextPage).toBe(cursors.length < whole.edges.length);
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(cursors).toEqual(whole.edges.map(({ cursor }) => cursor));
    expect(new Set(cursors).size).toBe(cursors.length);
  });

  it("ends with an empty page behind its last item", async () => {
    const { pageInfo, edges } = await ask("first: 100");
    const page = await ask(`first: 5, after: "${pageInfo.endCursor}"`);
    expect(page).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
      ...(counted ? { totalCount: String(edges.length) } : {}),
    });
  });
});

describe("node", () => {
  const ask = async (tenant: string, id: string | undefined) => {
    const { data, errors } = await stack.as("ACCOUNT_VIEWER", tenant, "query ($id: ID!) { node(id: $id) { __typename id } }", {
      id,
    });
    expect(errors).toEqual([]);
    return data.node;
  };

  it("knows an id of each type", () => {
    expect(Object.keys(own.nodes).sort()).toEqual(NODE_TYPES);
  });

  it.each(NODE_TYPES)("answers a %s to its owner, and null to another tenant, as for an id that does not exist", async (name) => {
    const id = own.nodes[name];
    expect(await ask(own.account, id)).toEqual({ __typename: name, id });
    expect(await ask(other.account, id)).toBeNull();
    expect(await ask(own.account, other.nodes[name])).toBeNull();
    expect(await ask(own.account, `${id?.slice(0, -3)}ZZZ`)).toBeNull();
  });
});
