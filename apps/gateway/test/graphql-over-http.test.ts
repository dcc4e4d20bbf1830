// Invariant: the API speaks GraphQL over HTTP as the specification of that name says, with CSRF prevention on.
import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStubServer } from "./support/stub-server.js";

let server: Awaited<ReturnType<typeof startStubServer>>;
let authorization: string;
beforeAll(async () => {
  server = await startStubServer();
  authorization = `Bearer ${await server.issuer.token({ account: "acc_1" })}`;
});
afterAll(() => server.close());

/** As a client of ours would send it: with a token, and with the header that a foreign page cannot send. */
const fetchFn = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization, "apollo-require-preflight": "true" } });

const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

it("is held against the whole suite", () => {
  expect(audits).toHaveLength(61);
});

it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))("%s", async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status, "reason" in result ? result.reason : "").toBe("ok");
});
