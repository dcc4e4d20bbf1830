// Invariant: whatever support is shown of an account, the account's audit log says so: exactly one entry for each request and each
// subscription, by whichever path the schema has, and the tenant sees it. Nobody else's looks are noted.
import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from "graphql";
import { createClient as createSseClient } from "graphql-sse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../src/graphql/schema.js";
import { startStackWithWebhooks, tenantWithEverything } from "./support/everything.js";
import type { Stack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const schema = buildSchema();
const objectType = (name: string) => schema.getType(name) as GraphQLObjectType;
const NODE_TYPES = schema
  .getPossibleTypes(schema.getType("Node") as GraphQLInterfaceType)
  .map(({ name }) => name)
  .sort();

/** Everything of a type that can be asked without arguments, `depth` levels deep. */
function everythingOf(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some((argument) => isNonNullType(argument.type)));
  return fields
    .flatMap(({ name, type: ofField }) => {
      const named = getNamedType(ofField);
      if (isScalarType(named) || isEnumType(named)) return [name];
      const below = isObjectType(named) && depth > 1 ? everythingOf(named, depth - 1) : "";
      return below === "" ? [] : [`${name} { ${below} }`];
    })
    .join(" ");
}

/** The fields of a type that lead to further objects, each with all that lies below it. */
const pathsOf = (type: GraphQLObjectType): readonly (readonly [name: string, selection: string])[] =>
  Object.values(type.getFields()).flatMap((field: GraphQLField<unknown, unknown>) => {
    const named = getNamedType(getNullableType(field.type));
    return isObjectType(named) ? [[`${type.name}.${field.name}`, `${field.name} { ${everythingOf(named, 3)} }`] as const] : [];
  });

let stack: Stack;
let account: string;
let nodes: Readonly<Record<string, string>>;
beforeAll(async () => {
  stack = await startStackWithWebhooks();
  ({ account, nodes } = await tenantWithEverything(stack, "Acme"));
});
afterAll(async () => {
  await stack.close();
});

const admin = (query: string, variables?: object) => stack.as("ACCOUNT_ADMIN", account, query, variables);
const support = (query: string, variables?: object) => stack.as("SUPPORT", undefined, query, variables);
/** As the tenant sees them. */
async function looks(): Promise<number> {
  const { data } = await admin(
    "{ account { auditLog(first: 1, action: ACCOUNT_READ_BY_SUPPORT) { totalCount nodes { actor } } } }",
  );
  const { totalCount, nodes: entries } = data.account.auditLog;
  for (const { actor } of entries) expect(actor).toBe("support@example.com");
  return Number(totalCount);
}
async function looksDuring(work: () => Promise<unknown>): Promise<number> {
  const before = await looks();
  await work();
  return (await looks()) - before;
}
const shown = async (query: string, variables?: object) => {
  const { data, errors } = await support(query, variables);
  expect(errors).toEqual([]);
  return data;
};

describe("a request of support's is one look, by", () => {
  it.each(NODE_TYPES)("node, of type %s", async (name) => {
    const query = `query ($id: ID!) { node(id: $id) { __typename id ... on ${name} { ${everythingOf(objectType(name), 2)} } } }`;
    const seen = await looksDuring(async () => {
      expect(await shown(query, { id: nodes[name] })).toMatchObject({ node: { __typename: name, id: nodes[name] } });
    });
    expect(seen).toBe(1);
  });

  it.each([...pathsOf(objectType("Account")), ["Account", everythingOf(objectType("Account"), 1)] as const])(
    "account, and %s",
    async (_name, selection) => {
      const query = `query ($id: ID!) { account(id: $id) { id ${selection} } }`;
      const seen = await looksDuring(async () => {
        expect(await shown(query, { id: account })).toMatchObject({ account: { id: account } });
      });
      expect(seen).toBe(1);
    },
  );

  it.each([...pathsOf(objectType("Account")), ["Account", "name"] as const])(
    "accounts, and %s of each",
    async (_name, selection) => {
      const seen = await looksDuring(async () => {
        expect(await shown(`{ accounts(first: 1) { nodes { id ${selection} } edges { node { id } } } }`)).toMatchObject({
          accounts: { nodes: [{ id: account }] },
        });
      });
      expect(seen).toBe(1);
    },
  );

  it("several paths at once, in one document", async () => {
    const query = `query ($id: ID!, $backup: ID!) {
      one: account(id: $id) { name diagnosis { summary } } two: account(id: $id) { ekm { key { health { state } } } }
      node(id: $backup) { id } accounts { nodes { name } }
    }`;
    expect(await looksDuring(() => shown(query, { id: account, backup: nodes["Backup"] }))).toBe(1);
  });

  it.each([
    ["activateEkm", "activateEkm(input: { accountId: $id, idempotencyKey: $key })"],
    ["withdrawEkmActivation", 'withdrawEkmActivation(input: { accountId: $id, reason: "x", idempotencyKey: $key })'],
  ])("what %s shows beside its own entry, and shows again", async (name, call) => {
    const pending = await tenantsOf(stack).activated(name);
    const count = async () => {
      const query = "{ account { auditLog(action: ACCOUNT_READ_BY_SUPPORT) { totalCount } } }";
      return Number((await stack.as("ACCOUNT_ADMIN", pending, query)).data.account.auditLog.totalCount);
    };
    const ask = (selection: string) =>
      shown(`mutation ($id: ID!, $key: String) { ${call} { account { ${selection} } userErrors { code } } }`, {
        id: pending,
        key: "k",
      });
    await ask("id");
    expect(await count()).toBe(0);
    await ask("id");
    expect(await count()).toBe(1);
    const fresh = await tenantsOf(stack).activated(`${name} and backups`);
    const query = `mutation ($id: ID!, $key: String) { ${call} { account { sources { nodes { id } } backups { nodes { id } } } } }`;
    await shown(query, { id: fresh });
    const log = await stack.as(
      "ACCOUNT_ADMIN",
      fresh,
      "{ account { auditLog(action: ACCOUNT_READ_BY_SUPPORT) { nodes { actor } } } }",
    );
    expect(log.data.account.auditLog.nodes).toHaveLength(1);
  });

  it("accountEvents: one for the subscription, however much it tells", async () => {
    const token = await stack.issuer.token({ subject: "support@example.com", roles: ["SUPPORT"] });
    const client = createSseClient({
      url: `${stack.url}/graphql/stream`,
      retryAttempts: 0,
      headers: { authorization: `Bearer ${token}` },
    });
    const query =
      "subscription ($id: ID) { accountEvents(accountId: $id) { kind account { id name backups { nodes { id } } } } }";
    const heard: unknown[] = [];
    let stop = () => {};
    const ended = new Promise<void>((resolve, reject) => {
      stop = client.subscribe(
        { query, variables: { id: account } },
        { next: ({ data }) => void heard.push(data), error: reject, complete: resolve },
      );
    });
    const seen = await looksDuring(async () => {
      await expect
        .poll(
          async () => {
            await admin('mutation { lockAccountKeys(input: { reason: "drill" }) { userErrors { code } } }');
            await admin('mutation { unlockAccountKeys(input: { reason: "over" }) { userErrors { code } } }');
            return heard.length;
          },
          { timeout: 15_000, interval: 200 },
        )
        .toBeGreaterThan(2);
    });
    stop();
    await ended;
    client.dispose();
    expect(seen).toBe(1);
    expect(heard[0]).toMatchObject({ accountEvents: { account: { id: account, name: "Acme" } } });
  });
});

it("every type that has an id, and every root field, is among the paths above", () => {
  expect(Object.keys(nodes).sort()).toEqual(NODE_TYPES);
  const about = Object.values(schema.getQueryType()?.getFields() ?? {}).map(({ name }) => name);
  // `viewer` shows support nothing but itself, and `errorCatalog` no account.
  expect(about.sort()).toEqual(["account", "accounts", "errorCatalog", "node", "viewer"]);
  expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {})).toEqual(["accountEvents"]);
});

it("a tenant's own looks, and support's at nothing, are not noted", async () => {
  const seen = await looksDuring(async () => {
    await admin(`{ account { ${everythingOf(objectType("Account"), 2)} } }`);
    await shown('{ viewer { subject account { id } } errorCatalog { code } account { id } node(id: "acc_none") { id } }');
    await shown('{ accounts(filter: { search: "nobody of that name" }) { totalCount nodes { id } } }');
  });
  expect(seen).toBe(0);
});
