// Invariant: whatever goes wrong with a request, in whichever layer, the caller learns it as one failure with a code; and a token that ran out costs nobody an error.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  AccountSettingsDocument,
  createEkmClient,
  type EkmClientOptions,
  EnableEkmDocument,
  type TokenRequest,
  ViewerDocument,
} from "../src/index.js";
import { createMockEkmClient, createMockGateway, type MockStateName } from "../src/mock/index.js";

interface Call {
  readonly headers: Headers;
  readonly body: { readonly query: string; readonly variables: unknown };
}

/** A client on a mock gateway, behind a fetch that notes what is sent and may answer itself. */
function clientBehind(
  answer: (call: Call, attempt: number) => Response | Error | undefined = () => undefined,
  more: Partial<EkmClientOptions> & { readonly state?: MockStateName } = {},
) {
  const { state = "enabled", ...options } = more;
  const mock = createMockGateway({ state, paceMs: 0 });
  const calls: Call[] = [];
  const client = createEkmClient({
    url: mock.url,
    token: () => "t0",
    async fetch(input, init) {
      const call = { headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) };
      const own = answer(call, calls.push(call) - 1);
      if (own instanceof Error) throw own;
      return own ?? mock.fetch(input, init);
    },
    ...options,
  });
  return { client, calls };
}

const html = (status: number, headers = {}) =>
  new Response("<h1>no</h1>", { status, headers: { "content-type": "text/html", ...headers } });

describe("a request", () => {
  it("carries the token, and a header that no form can set", async () => {
    const { client, calls } = clientBehind();
    expect(await client.query(ViewerDocument)).toMatchObject({ ok: true, data: { viewer: { subject: "ada@example.com" } } });
    expect(calls[0]?.headers.get("authorization")).toBe("Bearer t0");
    expect(calls[0]?.headers.get("apollo-require-preflight")).toBe("true");
    expect(calls[0]?.headers.get("content-type")).toBe("application/json");
  });

  it("is always asked anew: the cache is for hooks", async () => {
    const { client, calls } = clientBehind();
    await client.query(ViewerDocument);
    await client.query(ViewerDocument);
    expect(calls).toHaveLength(2);
  });

  it("is one of the published texts, which a gateway may insist on", async () => {
    const file = new URL("../src/generated/trusted-documents.json", import.meta.url);
    const trusted = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
    const { client, calls } = clientBehind();
    await client.query(AccountSettingsDocument);
    const text = calls[0]?.body.query ?? "";
    expect(trusted[createHash("sha256").update(text).digest("hex")]).toBe(text);
  });
});

describe("a token that is refused", () => {
  const refuseFirst = (_call: Call, attempt: number) => (attempt === 0 ? html(401) : undefined);

  it("is asked for again, once, and the request sent again with it", async () => {
    const asked: TokenRequest[] = [];
    const token = async (request: TokenRequest) => `t${asked.push(request)}`;
    const { client, calls } = clientBehind(refuseFirst, { token });
    expect(await client.query(ViewerDocument)).toMatchObject({ ok: true });
    expect(asked).toEqual([{}, { refused: "t1" }]);
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("is UNAUTHENTICATED when the second is refused as well", async () => {
    const { client, calls } = clientBehind(undefined, { state: "answers.UNAUTHENTICATED" });
    const result = await client.query(ViewerDocument);
    expect(result).toEqual({
      ok: false,
      errors: [
        {
          kind: "request",
          code: "UNAUTHENTICATED",
          message: "Send a bearer token in the Authorization header.",
          retryable: false,
          requestId: "mock-2",
        },
      ],
    });
    expect(calls).toHaveLength(2);
  });

  it("is UNAUTHENTICATED when there is none to be had", async () => {
    const token = () => Promise.reject(new Error("signed out"));
    const { client, calls } = clientBehind(undefined, { token });
    expect(await client.query(ViewerDocument)).toMatchObject({
      ok: false,
      errors: [{ code: "UNAUTHENTICATED", message: "signed out" }],
    });
    expect(calls).toHaveLength(0);
  });
});

describe("a failure", () => {
  it.each([
    ["FORBIDDEN", false],
    ["BAD_USER_INPUT", false],
    ["RATE_LIMITED", true],
    ["INTERNAL", true],
  ] as const)("of the API is told by its code %s, with the request's id", async (code, retryable) => {
    const { client } = clientBehind(undefined, { state: `answers.${code}` });
    const result = await client.query(ViewerDocument);
    expect(result).toMatchObject({ ok: false, errors: [{ kind: "request", code, retryable, requestId: "mock-1" }] });
    if (code === "RATE_LIMITED") expect(result).toMatchObject({ errors: [{ retryAfterMs: 30_000 }] });
  });

  it("with a code that is not known yet is UNKNOWN, not a crash", async () => {
    const body = JSON.stringify({ errors: [{ message: "new", extensions: { code: "TEAPOT" } }] });
    const { client } = clientBehind(
      () => new Response(body, { headers: { "content-type": "application/json", "x-request-id": "r-7" } }),
    );
    expect(await client.query(ViewerDocument)).toMatchObject({ errors: [{ code: "UNKNOWN", message: "new", requestId: "r-7" }] });
  });

  it("without an answer is OFFLINE", async () => {
    const { client } = clientBehind(() => new TypeError("fetch failed"));
    expect(await client.query(ViewerDocument)).toMatchObject({ errors: [{ code: "OFFLINE", retryable: true }] });
  });

  it("without an answer in time is TIMED_OUT, and the request is given up", async () => {
    const { client } = clientBehind(undefined, { state: "answers.slow", timeoutMs: 30 });
    expect(await client.query(ViewerDocument)).toMatchObject({ errors: [{ code: "TIMED_OUT", retryable: true }] });
  });

  it("of a proxy in between is UNAVAILABLE", async () => {
    const { client } = clientBehind(() => html(502));
    expect(await client.query(ViewerDocument)).toMatchObject({ errors: [{ code: "UNAVAILABLE", retryable: true }] });
  });
});

describe("a mutation", () => {
  const input = {
    keyArn: "arn:aws:kms:eu-west-1:444455556666:key/x",
    acceptedTermsVersion: "2026-01",
    confirmIrreversible: true,
  };

  it("answers what it made", async () => {
    const client = createMockEkmClient({ state: "activated", paceMs: 0 });
    const result = await client.mutate(EnableEkmDocument, input);
    expect(result.ok && result.data.account.ekm?.status).toBe("ENABLED");
    expect(result.ok && result.data.checks.every(({ verdict }) => verdict === "PASS")).toBe(true);
    client.dispose();
  });

  it("or every reason for its refusal", async () => {
    const client = createMockEkmClient({ state: "not-activated", paceMs: 0 });
    expect(await client.mutate(EnableEkmDocument, input)).toEqual({
      ok: false,
      errors: [expect.objectContaining({ kind: "user", code: "EKM_NOT_ACTIVATED", remedy: expect.stringContaining("support") })],
    });
    client.dispose();
  });

  it("or the failure of the request", async () => {
    const client = createMockEkmClient({ state: "answers.FORBIDDEN", paceMs: 0 });
    expect(await client.mutate(EnableEkmDocument, input)).toMatchObject({
      ok: false,
      errors: [{ kind: "request", code: "FORBIDDEN" }],
    });
    client.dispose();
  });
});
