// Invariant: no tenant takes more than its share, whatever it asks for; who is refused is told when to come back; and where documents are
// trusted, no other one is run.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { ok } from "@ekm/ekm";
import { afterEach, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { createTrustedDocuments, readTrustedDocuments } from "../src/graphql/trusted-documents.js";
import { type Stubs, startStubServer } from "./support/stub-server.js";
import { temporaryDirectory } from "./support/temporary-directory.js";

const running: { close(): unknown }[] = [];
const start = async (stubs?: Stubs) => {
  const server = await startStubServer(stubs);
  running.push(server);
  return server;
};
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

const VIEWER = "{ viewer { subject } }";
const CREATE = 'createAccount(input: { name: "a" }) { userErrors { code } }';
const account = {
  id: "acc_1",
  name: "a",
  createdAt: new Date(),
  ekm: { status: "NOT_ACTIVATED" },
  keyEpoch: 0,
  version: 0,
} as const;
const codesOf = ({ errors }: { errors: readonly { extensions: Record<string, unknown> }[] }) =>
  errors.map(({ extensions }) => extensions["code"]);

describe("rates", () => {
  it("of queries are each account's own, and say when to come back", async () => {
    const { ask, issuer } = await start({ rates: { queries: 2 } });
    const as = async (tenant: string, subject: string) =>
      ask(VIEWER, { token: await issuer.token({ account: tenant, subject }) });
    expect((await as("acc_1", "ada")).errors).toEqual([]);
    expect((await as("acc_1", "bob")).errors).toEqual([]);
    const refused = await as("acc_1", "eve");
    expect([refused.status, refused.data, codesOf(refused)]).toEqual([429, null, ["RATE_LIMITED"]]);
    expect(refused.errors[0]?.extensions["retryAfterMs"]).toBeGreaterThan(20_000);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(20);
    expect((await as("acc_2", "ada")).errors).toEqual([]);
  });

  it("of mutations count each mutation of a request, and leave queries alone", async () => {
    const { ask, issuer } = await start({
      rates: { mutations: 3, queries: 1 },
      useCases: { createAccount: async () => ok(account) },
    });
    const token = await issuer.token({ roles: ["SUPPORT"] });
    const two = `mutation { a: ${CREATE} ...B } fragment B on Mutation { b: ${CREATE} }`;
    expect((await ask(two, { token })).errors).toEqual([]);
    expect(codesOf(await ask(two, { token }))).toEqual(["RATE_LIMITED"]);
    expect((await ask(`mutation { ${CREATE} }`, { token })).errors).toEqual([]);
    expect((await ask(VIEWER, { token })).errors).toEqual([]);
  });

  it("of mutations in one request end at ten", async () => {
    const { ask, issuer } = await start({ useCases: { createAccount: async () => ok(account) } });
    const token = await issuer.token({ roles: ["SUPPORT"] });
    const many = (count: number) => `mutation { ${Array.from({ length: count }, (_, n) => `a${n}: ${CREATE}`).join(" ")} }`;
    expect((await ask(many(10), { token })).errors).toEqual([]);
    const refused = await ask(many(11), { token });
    expect([refused.status, codesOf(refused)]).toEqual([400, ["BAD_USER_INPUT"]]);
  });

  it("of documents that cannot be run keep their sender from having more of them looked at", async () => {
    const { ask, issuer } = await start({ rates: { refusals: 2 } });
    const token = await issuer.token({ subject: "eve" });
    for (const bad of ["{ nonsense }", "{"]) expect(codesOf(await ask(bad, { token }))).toEqual(["BAD_USER_INPUT"]);
    for (const any of ["{", VIEWER]) {
      const refused = await ask(any, { token });
      expect([refused.status, codesOf(refused)]).toEqual([429, ["RATE_LIMITED"]]);
    }
    expect((await ask(VIEWER, { token: await issuer.token({ subject: "ada" }) })).errors).toEqual([]);
  });

  it("of a field that is limited leave the answer 200, and carry the header", async () => {
    const { ask, issuer } = await start({
      rates: { probes: 1 },
      useCases: { validateKmsKey: async () => ({ ok: true, value: { usable: true }, checks: [] }) },
    });
    const token = await issuer.token({ account: "acc_1" });
    const probe = 'mutation { validateKmsKey(input: { keyArn: "x" }) { usable } }';
    await ask(probe, { token });
    const refused = await ask(probe, { token });
    expect([refused.status, codesOf(refused)]).toEqual([200, ["RATE_LIMITED"]]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("an answer", () => {
  it("that does not come in time is given up, with the request's id", async () => {
    const { ask, issuer, log } = await start({
      http: { answerMs: 50 },
      queries: { account: () => new Promise(() => {}) },
    });
    const { status, errors } = await ask("{ account { id } }", {
      token: await issuer.token({ account: "acc_1" }),
      headers: { "x-request-id": "slow-0001" },
    });
    expect([status, errors[0]?.extensions]).toEqual([504, { code: "INTERNAL", requestId: "slow-0001" }]);
    expect(log()).toContain("no answer within the deadline");
  });
});

/** A connection on which nothing is sent but this; resolves with all that came back when the server has closed it. */
async function abandoned(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  running.push({ close: () => socket.destroy() });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  await once(socket, "connect");
  socket.write(text);
  await once(socket, "close");
  return answer;
}

describe("a request", () => {
  it.each([
    ["headers", "POST /graphql HTTP/1.1\r\nhost: gateway\r\nx-slow: "],
    [
      "body",
      'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query": ',
    ],
  ])("whose %s never come whole is closed", async (_what, text) => {
    const { url } = await start({ http: { receiveMs: 100 } });
    expect(await abandoned(url, text)).toContain("408");
  });

  it("whose headers are too large is refused by itself", async () => {
    const { url } = await start();
    const large = `GET /healthz HTTP/1.1\r\nhost: gateway\r\nx-large: ${"x".repeat(20_000)}\r\n\r\n`;
    expect(await abandoned(url, large)).toContain("431");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

const idOf = (document: string) => createHash("sha256").update(document).digest("hex");

describe("trusted documents", () => {
  const documents = new Map([[idOf(VIEWER), VIEWER]]);
  const startWith = async (mode: "only" | "also") => {
    const { url, issuer } = await start({ documents: createTrustedDocuments(documents, mode) });
    const token = await issuer.token();
    const headers = { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" };
    const read = async (response: Response) => (await response.json()) as { data?: object; errors?: { message: string }[] };
    return {
      post: async (body: object) =>
        read(
          await fetch(`${url}/graphql`, {
            method: "POST",
            headers: { ...headers, "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
        ),
      get: async (parameters: Record<string, string>) =>
        read(await fetch(`${url}/graphql?${new URLSearchParams(parameters)}`, { headers })),
    };
  };
  const VIEW = { data: { viewer: { subject: "ada" } } };

  it.each(["only", "also"] as const)("are run by their id in every usual form (%s)", async (mode) => {
    const { post, get } = await startWith(mode);
    const hash = idOf(VIEWER);
    expect(await post({ documentId: `sha256:${hash}` })).toEqual(VIEW);
    expect(await post({ documentId: hash })).toEqual(VIEW);
    expect(await post({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })).toEqual(VIEW);
    expect(await post({ query: VIEWER })).toEqual(VIEW);
    expect(await get({ documentId: `sha256:${hash}` })).toEqual(VIEW);
  });

  it("are alone where only they are trusted", async () => {
    const { post, get } = await startWith("only");
    const untrusted = "{ viewer { roles } }";
    for (const answer of [await post({ query: untrusted }), await get({ query: untrusted }), await post({})]) {
      expect(answer).toMatchObject({
        errors: [{ message: expect.stringContaining("Only trusted"), extensions: { code: "BAD_USER_INPUT" } }],
      });
    }
    expect(await post({ query: untrusted, documentId: idOf(untrusted) })).toMatchObject({
      errors: [{ message: expect.stringContaining("No trusted document") }],
    });
  });

  it("leave other documents to the limits where they are trusted beside them", async () => {
    const { post } = await startWith("also");
    expect(await post({ query: "{ viewer { roles } }" })).toEqual({ data: { viewer: { roles: ["ACCOUNT_ADMIN"] } } });
    expect(await post({ documentId: idOf("{ viewer { roles } }") })).toMatchObject({ errors: [{}] });
  });

  it("are read from a file, each under its own hash", async () => {
    const file = path.join(await temporaryDirectory("documents"), "documents.json");
    await writeFile(file, JSON.stringify({ [`sha256:${idOf(VIEWER)}`]: VIEWER }));
    const read = await readTrustedDocuments(file, "only");
    expect(read.find({ documentId: idOf(VIEWER) })).toEqual({ ok: true, query: VIEWER });
    await writeFile(file, JSON.stringify({ [idOf(VIEWER)]: "{ viewer { roles } }" }));
    await expect(readTrustedDocuments(file, "only")).rejects.toThrow("is not the SHA-256");
  });
});

describe("a web socket", () => {
  const open = async (url: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    running.push({ close: () => socket.terminate() });
    await once(socket, "open");
    return socket;
  };
  const closed = async (socket: WebSocket): Promise<number> => ((await once(socket, "close")) as [number])[0];
  const admitted = async (url: string, token: string): Promise<WebSocket> => {
    const socket = await open(url);
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
    await once(socket, "message");
    return socket;
  };

  it.each([
    ["a message of more than 64 KiB", "x".repeat(70_000), 1009],
    ["what is no JSON", "{", 4400],
    [
      "a subscription before it has said who it is",
      JSON.stringify({ id: "1", type: "subscribe", payload: { query: VIEWER } }),
      4401,
    ],
    ["a bad token", JSON.stringify({ type: "connection_init", payload: { authorization: "Bearer x" } }), 4403],
  ])("that sends %s is closed", async (_what, message, code) => {
    const { url } = await start();
    const socket = await open(url);
    socket.send(message);
    expect(await closed(socket)).toBe(code);
  });

  it("that floods is cut off", async () => {
    const { url, issuer } = await start();
    const socket = await admitted(url, await issuer.token());
    let answers = 0;
    socket.on("message", () => {
      answers += 1;
    });
    for (let n = 0; n < 5_000; n += 1) socket.send('{"type":"ping"}');
    await closed(socket);
    expect(answers).toBeLessThanOrEqual(600);
  });

  it("that begins subscriptions without end is told to wait", async () => {
    const { url, issuer } = await start({ rates: { subscriptions: 2 } });
    const socket = await admitted(url, await issuer.token());
    const codes: unknown[] = [];
    socket.on("message", (data) => {
      const { type, payload } = JSON.parse(String(data)) as { type: string; payload: { extensions: { code: string } }[] };
      if (type === "error") codes.push(payload[0]?.extensions.code);
    });
    for (let n = 0; n < 3; n += 1) {
      socket.send(JSON.stringify({ id: String(n), type: "subscribe", payload: { query: "subscription { nonsense }" } }));
    }
    await expect.poll(() => codes).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT", "RATE_LIMITED"]);
  });
});
