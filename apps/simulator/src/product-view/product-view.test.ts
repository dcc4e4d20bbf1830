import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { productView } from "./product-view.js";

let server: Server;
let requests: string[];
let url = "";
beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.headers.authorization ?? "");
    const isKnown = request.headers.authorization === "Bearer secret-1";
    const body = isKnown
      ? { data: { account: { name: "Acme" } } }
      : { errors: [{ message: "expired", extensions: { code: "UNAUTHENTICATED" } }] };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

it("shows each account as its own admin sees it, or why not, and never a token", async () => {
  const accounts = { a: { ACCOUNT_ADMIN: "secret-1" }, b: { ACCOUNT_VIEWER: "secret-2" }, c: {} };
  const view = await productView(url, { accounts })();
  expect(view.accounts).toEqual([
    { id: "a", account: { name: "Acme" } },
    { id: "b", error: "UNAUTHENTICATED: expired" },
    { id: "c", error: "the token file has no token of its admin or viewer" },
  ]);
  expect(JSON.stringify(view)).not.toContain("secret");
});

it("asks once for all who look within a second, and says when the gateway is away", async () => {
  const look = productView(url, { accounts: { a: { ACCOUNT_ADMIN: "secret-1" } } });
  await Promise.all([look(), look(), look()]);
  expect(requests).toHaveLength(1);
  const away = await productView("http://127.0.0.1:1", { accounts: { a: { ACCOUNT_ADMIN: "secret-1" } } })();
  expect(away.accounts).toEqual([{ id: "a", error: "the gateway gave no answer" }]);
});
