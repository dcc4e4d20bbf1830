import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AccountEvent, openEvents } from "./events.js";
import { ProductUnreachable } from "./graphql.js";

let server: Server;
let url = "";
let asked: { body: unknown; headers: Record<string, unknown> }[] = [];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    asked.push({ body: JSON.parse(body), headers: request.headers });
    answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const { signal } = new AbortController();
const heard: AccountEvent[] = [];
const listen = (after?: string) => {
  heard.length = 0;
  return openEvents(
    url,
    "token",
    { accountId: "acc_1", ...(after === undefined ? {} : { after }), hear: (event) => heard.push(event) },
    signal,
  );
};
const event = (id: string) =>
  `event: next\ndata: ${JSON.stringify({ data: { accountEvents: { id, kind: "KEYS_LOCKED" } } })}\n\n`;
const stream = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });

it("hears each event once, however the bytes are cut, and nothing else that is on the stream", async () => {
  const bytes = Buffer.from(
    `: ping\n\n${event("evt_1")}event: next\ndata: {"errors":[]}\n\n${event("é")}event: complete\ndata:\n\n`,
  );
  answer = async (response) => {
    stream(response);
    for (const byte of bytes) if (!response.write(Uint8Array.of(byte))) await once(response, "drain");
    response.end();
  };
  const opened = await listen();
  if (!opened.ok) throw new Error(opened.error.code);
  await opened.stream.ended;
  expect(heard.map(({ id }) => id)).toEqual(["evt_1", "é"]);
  const [{ body, headers } = { body: {}, headers: {} }] = asked;
  expect(body).toMatchObject({ operationName: "AccountEvents", variables: { accountId: "acc_1" } });
  expect(headers).toMatchObject({ authorization: "Bearer token", accept: "text/event-stream" });
});

it("asks for what came after the last event that it heard", async () => {
  answer = (response) => void stream(response).end();
  await listen("evt_7");
  expect(asked[0]?.body).toMatchObject({ variables: { accountId: "acc_1", after: "evt_7" } });
});

it("hears no more once it is cut, and the other side sees it go", async () => {
  let gone: Promise<unknown> = Promise.resolve();
  answer = (response) => {
    gone = once(response, "close");
    stream(response).write(event("evt_1"));
  };
  const opened = await listen();
  if (!opened.ok) throw new Error(opened.error.code);
  await expect.poll(() => heard).toHaveLength(1);
  opened.stream.cut();
  await opened.stream.ended;
  await gone;
});

it.each([
  [401, '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}', "UNAUTHENTICATED"],
  [400, '{"errors":[{"message":"no"}]}', "HTTP 400"],
  [502, "<html>", "HTTP 502"],
  [200, "{}", "HTTP 200"],
])("tells a refusal (%i) from a stream", async (status, body, code) => {
  answer = (response) => void response.writeHead(status, { "content-type": "application/json" }).end(body);
  expect(await listen()).toMatchObject({ ok: false, error: { code } });
});

it("says where nobody answers", async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  await expect(listen()).rejects.toBeInstanceOf(ProductUnreachable);
});
