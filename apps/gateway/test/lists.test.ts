// Invariant: walking a list page by page shows every item once, newest first, and a cursor that was tampered with is refused.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeCursor } from "../src/graphql/relay/cursor.js";
import { type Stack, startStack } from "./support/stack.js";

let stack: Stack;
let account: string;
const sources: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  for (const name of ["Alpha", "Beta", "Gamma"]) {
    const { data } = await stack.as(
      "SUPPORT",
      undefined,
      "mutation ($name: String!) { createAccount(input: { name: $name }) { account { id } } }",
      { name },
    );
    account = data.createAccount.account.id;
  }
  for (let n = 0; n < 5; n += 1) {
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      account,
      "mutation ($name: String!, $location: String!) { registerBackupSource(input: { name: $name, kind: SALESFORCE_EXPORT, location: $location }) { source { id } } }",
      { name: `S${n}`, location: path.join(stack.data, "crm") },
    );
    sources.push(data.registerBackupSource.source.id);
  }
});
afterAll(async () => {
  await stack.close();
});

const admin = (query: string, variables?: object) => stack.as("ACCOUNT_ADMIN", account, query, variables);

describe("a list", () => {
  it("is walked by its cursors", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const { data } = await admin(
        "query ($after: String) { account { sources(first: 2, after: $after) { edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
        { after },
      );
      const { edges, nodes, pageInfo } = data.account.sources;
      expect(nodes).toEqual(edges.map(({ node }: { node: object }) => node));
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.endCursor).toBe(edges.at(-1).cursor);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...nodes.map(({ id }: { id: string }) => id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect([...seen].sort()).toEqual([...sources].sort());
  });

  it("counts all of it, not the page, when asked", async () => {
    const { data } = await admin(
      "{ account { sources(first: 1) { totalCount nodes { id } } backups { totalCount nodes { id } } } }",
    );
    expect(data.account.sources).toMatchObject({ totalCount: "5", nodes: [{ id: expect.any(String) }] });
    expect(data.account.backups).toEqual({ totalCount: "0", nodes: [] });
  });

  it("takes its default page size for a null", async () => {
    const { data, errors } = await admin("{ account { sources(first: null, after: null) { nodes { id } } } }");
    expect(errors).toEqual([]);
    expect(data.account.sources.nodes).toHaveLength(5);
  });

  it.each([
    ["of another list", () => encodeCursor("backup", sources[0] ?? "")],
    ["of a later version", () => Buffer.from(`2:source:${sources[0]}`).toString("base64url")],
    ["that is empty", () => ""],
    ["that is padded", () => `${encodeCursor("source", sources[0] ?? "")}=`],
    ["that is endless", () => encodeCursor("source", "x".repeat(5000))],
    ["that is SQL", () => "' OR 1=1 --"],
  ])("refuses a cursor %s", async (_what, cursor) => {
    const { errors } = await admin("query ($after: String) { account { sources(after: $after) { nodes { id } } } }", {
      after: cursor(),
    });
    expect(errors[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
  });

  it("of accounts can be narrowed by support", async () => {
    const names = async (filter: string) => {
      const { data, errors } = await stack.as(
        "SUPPORT",
        undefined,
        `{ accounts(filter: ${filter}) { totalCount nodes { name } } }`,
      );
      expect(errors).toEqual([]);
      expect(data.accounts.totalCount).toBe(String(data.accounts.nodes.length));
      return data.accounts.nodes.map(({ name }: { name: string }) => name);
    };
    expect(await names("{}")).toEqual(["Gamma", "Beta", "Alpha"]);
    expect(await names('{ search: "amm" }')).toEqual(["Gamma"]);
    expect(await names("{ keyManagement: ENTERPRISE }")).toEqual([]);
    expect(await names('{ search: "%" }')).toEqual([]);
  });
});

describe("the error catalogue", () => {
  it("explains every code", async () => {
    const { data } = await admin("{ errorCatalog { code meaning remedy retryable } }");
    expect(data.errorCatalog.length).toBeGreaterThan(50);
    for (const entry of data.errorCatalog) expect([entry.meaning, entry.remedy]).not.toContain("");
  });
});
