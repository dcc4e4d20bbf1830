// Invariant: what leaves the gateway by HTTP is what was meant to: five codes, a request id, no secret, no stack, no foreign host.

import { ok, StoreBusyError } from "@ekm/ekm";
import { getIntrospectionQuery } from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { type Stubs, startStubServer } from "./support/stub-server.js";

const running: { close(): Promise<void> }[] = [];
const start = async (stubs?: Stubs) => {
  const server = await startStubServer(stubs);
  running.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const VIEWER = "{ viewer { subject roles } }";

describe("authentication", () => {
  it("lets a good token in", async () => {
    const { ask, issuer } = await start();
    const { status, data, errors } = await ask(VIEWER, { token: await issuer.token({ subject: "sam", roles: ["SUPPORT"] }) });
    expect({ status, data, errors }).toEqual({
      status: 200,
      data: { viewer: { subject: "sam", roles: ["SUPPORT"] } },
      errors: [],
    });
  });

  it("answers UNAUTHENTICATED, 401, without a token", async () => {
    const { ask } = await start();
    const { status, data, errors, headers } = await ask(VIEWER);
    expect(status).toBe(401);
    expect(data).toBeNull();
    expect(headers.get("www-authenticate")).toContain("Bearer");
    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: "UNAUTHENTICATED", requestId: headers.get("x-request-id") } }),
    ]);
  });

  it.each(["expired", "forged", "garbage"])("answers UNAUTHENTICATED to a token that is %s, whatever is asked", async (kind) => {
    const { ask, issuer } = await start();
    const other = await start();
    const tokens = { expired: issuer.token({ expiresIn: -60 }), forged: other.issuer.token(), garbage: Promise.resolve("abc") };
    const token = await tokens[kind as keyof typeof tokens];
    for (const query of [VIEWER, "{ __typename }"]) {
      const { status, errors } = await ask(query, { token });
      expect(status).toBe(401);
      expect(errors[0]).toMatchObject({ message: "The token is not valid.", extensions: { code: "UNAUTHENTICATED" } });
    }
  });

  it("lets anybody introspect where introspection is on, and nothing beside", async () => {
    const { ask } = await start();
    expect((await ask(getIntrospectionQuery())).data.__schema.queryType.name).toBe("Query");
    for (const query of [
      "{ __typename viewer { subject } }",
      "{ ... { viewer { subject } } }",
      "{ ...F } fragment F on Query { viewer { subject } }",
      "{ errorCatalog { code } }",
      'mutation { createAccount(input: { name: "x" }) { userErrors { code } } }',
    ]) {
      const { status, errors } = await ask(query);
      expect([query, status, errors[0]?.extensions["code"]]).toEqual([query, 401, "UNAUTHENTICATED"]);
    }
  });

  it("takes a Bearer without a token, which the explorer sends until one is typed in, for none", async () => {
    const { ask } = await start();
    const headers = { authorization: "Bearer " };
    expect((await ask(getIntrospectionQuery(), { headers })).errors).toEqual([]);
    expect((await ask(VIEWER, { headers })).errors[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
  });

  it("keeps the schema to itself where introspection is off", async () => {
    const { ask, issuer } = await start({ http: { introspection: false } });
    expect((await ask(getIntrospectionQuery())).errors[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
    const token = await issuer.token();
    expect((await ask(getIntrospectionQuery(), { token })).errors[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    const { errors } = await ask("{ viewe { subject } }", { token });
    expect(errors[0]?.message).not.toContain("viewer");
  });
});

describe("errors", () => {
  it.each([
    ["a syntax error", "{"],
    ["an unknown field", "{ nonsense }"],
    ["a wrong argument", "{ account(id: {}) { id } }"],
    [
      "a bad enum value",
      'mutation { registerBackupSource(input: { name: "a", kind: TAPE, location: "/" }) { userErrors { code } } }',
    ],
    ["a bad BigInt", 'mutation { startBackup(input: { sourceId: "a", maxBytesPerSecond: "1e9" }) { userErrors { code } } }'],
    ["an operation that is not there", ""],
    ["first: 0", "{ accounts(first: 0) { nodes { id } } }"],
    ["first: 101", "{ accounts(first: 101) { nodes { id } } }"],
    ["a cursor that is none", '{ accounts(after: "x") { nodes { id } } }'],
    ["an endless id", `{ account(id: "${"x".repeat(5000)}") { id } }`],
    ["an endless name", `mutation { createAccount(input: { name: "${"x".repeat(5000)}" }) { userErrors { code } } }`],
  ])("%s is BAD_USER_INPUT", async (_what, query) => {
    const { ask, issuer } = await start();
    const { errors, headers } = await ask(query, { token: await issuer.token({ roles: ["SUPPORT"] }) });
    expect(errors[0]?.extensions).toEqual({ code: "BAD_USER_INPUT", requestId: headers.get("x-request-id") });
  });

  it("a wrong variable is BAD_USER_INPUT", async () => {
    const { ask, issuer } = await start();
    const { errors } = await ask("query ($id: ID) { account(id: $id) { id } }", {
      token: await issuer.token(),
      variables: { id: { a: 1 } },
    });
    expect(errors[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
  });

  it("a bug is INTERNAL, tells nothing outside and everything in the log, under the request's id", async () => {
    const { ask, issuer, log } = await start({
      queries: {
        account: async () => {
          throw new Error("SELECT broke at /srv/secret");
        },
      },
    });
    const { status, data, errors } = await ask("{ account { id } }", {
      token: await issuer.token({ account: "acc_1" }),
      headers: { "x-request-id": "trace-0001" },
    });
    expect(status).toBe(200);
    expect(data).toEqual({ account: null });
    expect(errors[0]?.extensions).toEqual({ code: "INTERNAL", requestId: "trace-0001" });
    expect(JSON.stringify(errors)).not.toContain("SELECT");
    expect(log()).toContain("SELECT broke");
    expect(log()).toContain("trace-0001");
  });

  it("a busy database is a userError of a mutation, to be tried again, and INTERNAL for a query", async () => {
    const busy = async () => {
      throw new StoreBusyError("locked by another process");
    };
    const { ask, issuer } = await start({ useCases: { createAccount: busy }, queries: { account: busy } });
    const token = await issuer.token({ roles: ["SUPPORT"] });
    const mutation = await ask(
      'mutation { createAccount(input: { name: "a" }) { account { id } userErrors { code retryable retryAfterMs } } }',
      { token },
    );
    expect(mutation.data.createAccount).toEqual({
      account: null,
      userErrors: [{ code: "STORAGE_UNAVAILABLE", retryable: true, retryAfterMs: 1000 }],
    });
    const query = await ask('{ account(id: "acc_1") { id } }', { token });
    expect(query.errors[0]?.extensions["code"]).toBe("INTERNAL");
  });

  it("a denied role is FORBIDDEN", async () => {
    const { ask, issuer } = await start({
      useCases: { createAccount: async () => ({ ok: false, error: { denied: "FORBIDDEN" } }) },
    });
    const { errors } = await ask('mutation { createAccount(input: { name: "a" }) { userErrors { code } } }', {
      token: await issuer.token(),
    });
    expect(errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  });

  it("too many probes of a key are RATE_LIMITED, per account", async () => {
    const { ask, issuer } = await start({
      rates: { probes: 2 },
      useCases: { validateKmsKey: async () => ({ ok: true, value: { usable: true }, checks: [] }) },
    });
    const probe = async (account: string) =>
      ask('mutation { validateKmsKey(input: { keyArn: "x" }) { usable } }', { token: await issuer.token({ account }) });
    expect([(await probe("acc_1")).data, (await probe("acc_1")).data]).toEqual(
      Array(2).fill({ validateKmsKey: { usable: true } }),
    );
    const [refused] = (await probe("acc_1")).errors;
    expect(refused?.extensions["code"]).toBe("RATE_LIMITED");
    expect(refused?.extensions["retryAfterMs"]).toBeGreaterThan(0);
    expect((await probe("acc_2")).errors).toEqual([]);
  });

  it.each([
    ["validateKmsKey", 'mutation { validateKmsKey(input: { keyArn: "x" }) { usable } }'],
    ["checkKeyHealth", "mutation { checkKeyHealth(input: {}) { userErrors { code } } }"],
    [
      "enableEkm",
      'mutation { enableEkm(input: { keyArn: "x", acceptedTermsVersion: "1", confirmIrreversible: true }) { userErrors { code } } }',
    ],
    ["rotateEkmKey", 'mutation { rotateEkmKey(input: { keyArn: "x" }) { userErrors { code } } }'],
  ])("%s counts as a probe", async (name, query) => {
    const refuse = async () => ({ ok: false, error: [{ code: "KEY_ARN_INVALID", message: "" }], checks: [] }) as const;
    const { ask, issuer } = await start({ rates: { probes: 1 }, useCases: { [name]: refuse } });
    const token = await issuer.token({ account: "acc_1" });
    expect((await ask(query, { token })).errors).toEqual([]);
    expect((await ask(query, { token })).errors[0]?.extensions["code"]).toBe("RATE_LIMITED");
  });
});

describe("hostile requests", () => {
  it.each([
    ["text/plain", "a form's content type"],
    ["application/x-www-form-urlencoded", "another"],
    ["multipart/form-data; boundary=x", "the third"],
  ])("of type %s, which a page of another site can send, are refused", async (contentType) => {
    const { url, issuer } = await start();
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": contentType, authorization: `Bearer ${await issuer.token()}` },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  });

  it("by GET need a header that makes the browser ask first, and never mutate", async () => {
    const { url, issuer } = await start();
    const get = async (query: string, headers: Record<string, string>) =>
      fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { authorization: `Bearer ${await issuer.token()}`, ...headers },
      });
    expect((await get(VIEWER, {})).status).toBe(400);
    expect((await get(VIEWER, { "apollo-require-preflight": "1" })).status).toBe(200);
    const mutation = 'mutation { createAccount(input: { name: "a" }) { userErrors { code } } }';
    expect((await get(mutation, { "apollo-require-preflight": "1" })).status).toBe(405);
  });

  it("by a batch are refused", async () => {
    const { url, issuer } = await start();
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await issuer.token()}` },
      body: JSON.stringify([{ query: VIEWER }, { query: VIEWER }]),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  });

  it("of more than 256 KiB are refused", async () => {
    const { ask } = await start();
    const { status, errors } = await ask(`{ __typename } #${"x".repeat(300_000)}`);
    expect([status, errors[0]?.extensions["code"]]).toEqual([413, "BAD_USER_INPUT"]);
  });

  it.each([
    { what: "of many pages at once", query: `{ ${aliases(150, "accounts(first: 100) { nodes { id name } }")} }` },
    { what: "of pages of pages", query: "{ accounts(first: 100) { nodes { backups(first: 100) { nodes { id items } } } } }" },
    { what: "of fragments that multiply", query: fragmentBomb() },
    { what: "of introspection without end", query: endlessIntrospection() },
  ])("$what are refused before anything runs", async ({ query }) => {
    const { ask, issuer } = await start();
    const { status, errors } = await ask(query, { token: await issuer.token({ roles: ["SUPPORT"] }) });
    expect(status).toBe(400);
    expect(new Set(errors.map((error) => error.extensions["code"]))).toEqual(new Set(["BAD_USER_INPUT"]));
  });

  it("of thousands of tokens are not even parsed to their end", async () => {
    const { ask } = await start();
    const { status, errors } = await ask(`{ ${"__typename ".repeat(5_000)} }`);
    expect(status).toBe(400);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining("2000 tokens"),
        extensions: expect.objectContaining({ code: "BAD_USER_INPUT" }),
      }),
    ]);
  });

  it("do not stand in the way of the largest pages that people look at", async () => {
    const { ask, issuer } = await start({ queries: { account: async () => ok(null) } });
    const page =
      "first: 100) { nodes { id status bytes items progress { bytesDone bytesTotal } problem { code message remedy } } pageInfo { endCursor } }";
    const { errors } = await ask(
      `{ account { backups(${page} restores(${page.replace("bytes items", "bytesReleased")} ekm { key { health { state } } } } }`,
      {
        token: await issuer.token({ account: "acc_1" }),
      },
    );
    expect(errors).toEqual([]);
  });
});

const aliases = (count: number, field: string) => Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(" ");
function endlessIntrospection(): string {
  const levels = 9;
  return `{ __schema { types { ${"fields { type { ".repeat(levels)} name ${"} } ".repeat(levels)} } } }`;
}

function fragmentBomb(): string {
  const fragments = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Account { ...F${n + 1} ...F${n + 1} }`);
  return `{ account { ...F0 } } ${fragments.join(" ")} fragment F30 on Account { id }`;
}

describe("CORS", () => {
  it("admits the origins that are configured, and no other", async () => {
    const { url } = await start({ http: { corsOrigins: ["https://console.example.com"] } });
    const preflight = async (origin: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
      });
      return response.headers.get("access-control-allow-origin");
    };
    expect(await preflight("https://console.example.com")).toBe("https://console.example.com");
    expect(await preflight("https://evil.example.com")).toBeNull();
  });
});

describe("operation", () => {
  it("answers for its health, and for its readiness by what it depends on", async () => {
    let ready: () => Promise<boolean> = async () => true;
    const { url } = await start({ isReady: () => ready() });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    ready = async () => {
      throw new Error("database is gone");
    };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: "not ready", issuerKeys: "CURRENT", writes: "PASSING" },
    ]);
  });

  it("gives every answer a request id: the caller's, if it is harmless", async () => {
    const { url } = await start();
    const idFor = async (id: string) =>
      (await fetch(`${url}/healthz`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idFor("abc-12345")).toBe("abc-12345");
    expect(await idFor('"}{"level":60,')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor("x".repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("logs requests without tokens, queries and variables", async () => {
    const { ask, url, issuer, log } = await start();
    const token = await issuer.token();
    await ask("query ($x: ID) { __typename @skip(if: false) }", { token, variables: { x: "hush" } });
    await fetch(`${url}/graphql?query=hush`, { headers: { authorization: `Bearer ${token}` } });
    await expect.poll(() => log().match(/"path":"\/graphql"/g)?.length).toBe(2);
    expect(log()).not.toContain(token);
    expect(log()).not.toContain("hush");
  });

  it("finishes what is under way before it closes, and waits for no idle connection", { timeout: 8_000 }, async () => {
    let finish: () => void = () => {};
    let underWay = false;
    const { ask, issuer, close, url } = await start({
      queries: {
        account: () => {
          underWay = true;
          return new Promise((resolve) => {
            finish = () => resolve(ok(null));
          });
        },
      },
    });
    const answer = ask("{ account { id } }", { token: await issuer.token({ account: "acc_1" }) });
    await expect.poll(() => underWay).toBe(true);
    const closed = close();
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          () => "open",
          () => "shut",
        ),
      )
      .toBe("shut");
    finish();
    expect((await answer).data).toEqual({ account: null });
    await closed;
  });
});

describe("the explorer", () => {
  it("is what a browser gets at /graphql and at /explorer", async () => {
    const { url } = await start();
    for (const path of ["/graphql", "/explorer"]) {
      const response = await fetch(`${url}${path}`, { headers: { accept: "text/html,application/xhtml+xml" } });
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(await response.text()).toContain("Enterprise Key Management API");
    }
  });

  it("loads nothing from anywhere, and is forbidden to", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/explorer`);
    const page = await response.text();
    const markup = page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "<$1></$1>");
    const loads = [...markup.matchAll(/\b(?:src|href|action)\s*=\s*["']?([^"'\s>]+)/g)].map(([, target]) => target ?? "");
    expect(loads.filter((target) => !target.startsWith("data:"))).toEqual([]);
    expect(page).not.toMatch(/@import\s+(?:url\()?["']?https?:|url\(\s*["']?(?:https?:)?\/\//);

    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });
});
