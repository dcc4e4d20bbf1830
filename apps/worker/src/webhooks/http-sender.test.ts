// Invariant: one attempt posts once, to the address that was checked, follows nothing, reads little, ends in time and says in words of
// ours what went wrong.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SendResult } from "@ekm/ekm";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../test/support/certificate.js";
import type { Resolve } from "./checked-addresses.js";
import { createHttpSender, type HttpSenderOptions } from "./http-sender.js";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A receiver on loopback, and what it got. */
async function receiver(answer: (response: ServerResponse) => void) {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => void chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  };
  const port = await listen(createServer(listener));
  return { received, port };
}

const toLoopback: Resolve = async () => ["127.0.0.1"];
const senderOf = (over: Partial<HttpSenderOptions> = {}) =>
  createHttpSender({ timeoutMs: 5_000, allowInsecure: true, resolve: toLoopback, ...over });
const headers = { "webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,x" };
const send = (url: string, over?: Partial<HttpSenderOptions>, signal = new AbortController().signal): Promise<SendResult> =>
  senderOf(over).send({ url, headers, body: '{"käse":1}' }, signal);

describe("an attempt", () => {
  it("posts the body as it is, with the headers, to the host that is named at the address that was checked", async () => {
    const { received, port } = await receiver((response) => response.writeHead(202).end("thanks"));
    expect(await send(`http://hooks.example:${port}/path?q=1`)).toEqual({ kind: "answered", statusCode: 202 });
    expect(received).toMatchObject([
      {
        method: "POST",
        url: "/path?q=1",
        body: '{"käse":1}',
        headers: { ...headers, host: `hooks.example:${port}`, "content-type": "application/json", "content-length": "11" },
      },
    ]);
  });

  it("looks the host up once: a name that points elsewhere a moment later is no way in", async () => {
    const { received, port } = await receiver((response) => response.end());
    let asked: string[] = [];
    const rebinding = (...answers: string[]): Resolve => {
      asked = answers;
      return async () => [asked.shift() ?? "192.0.2.1"];
    };
    const url = `http://rebinding.example:${port}/`;
    expect(await send(url, { resolve: rebinding("127.0.0.1", "192.0.2.1") })).toEqual({ kind: "answered", statusCode: 200 });
    expect(received).toHaveLength(1);
    expect(asked).toEqual(["192.0.2.1"]);

    const secure = `https://rebinding.example:${port}/`;
    const refused = await send(secure, { allowInsecure: false, resolve: rebinding("127.0.0.1", "8.8.8.8") });
    expect(refused).toMatchObject({ kind: "failed", error: expect.stringContaining("private or special network") });
    expect(asked).toEqual(["8.8.8.8"]);
  });

  it("to an address of this machine or its networks is refused before anything is sent", async () => {
    const { received, port } = await receiver((response) => response.end());
    const error = "The host has an address of a private or special network, which may not be used.";
    for (const host of ["inside.example", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]) {
      expect(await send(`https://${host}:${port}/`, { allowInsecure: false })).toEqual({ kind: "failed", error });
    }
    expect(received).toEqual([]);
  });

  it("over plain HTTP is for development", async () => {
    const { received, port } = await receiver((response) => response.end());
    const result = await send(`http://hooks.example:${port}/`, { allowInsecure: false, resolve: async () => ["8.8.8.8"] });
    expect(result).toMatchObject({ kind: "failed", error: expect.stringContaining("https://") });
    expect(received).toEqual([]);
  });

  it("follows no redirect", async () => {
    const { received, port } = await receiver((response) => response.writeHead(307, { location: "/elsewhere" }).end());
    expect(await send(`http://hooks.example:${port}/`)).toEqual({ kind: "answered", statusCode: 307 });
    expect(received).toHaveLength(1);
  });

  it.each([
    ["120", 120_000],
    ["0", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["Wed, 21 Oct 2015 07:28:00 GMT", undefined],
  ])("reads Retry-After: %s", async (value, retryAfterMs) => {
    const { port } = await receiver((response) => response.writeHead(503, { "retry-after": value }).end());
    const result = await send(`http://hooks.example:${port}/`);
    expect(result).toEqual({ kind: "answered", statusCode: 503, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  });

  it("reads little of an answer that does not end, and counts its status", async () => {
    let written = 0;
    const { port } = await receiver((response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(16_384);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on("drain", more);
      more();
    });
    // Long before the time-out.
    expect(await send(`http://hooks.example:${port}/`, { timeoutMs: 60_000 })).toEqual({ kind: "answered", statusCode: 200 });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    ["says nothing", (_response: ServerResponse) => {}],
    ["begins a header and no more", (response: ServerResponse) => void response.socket?.write("HTTP/1.1 200 OK\r\nx-a: ")],
  ])("ends in time when the receiver %s", async (_what, answer) => {
    const { port } = await receiver(answer);
    expect(await send(`http://hooks.example:${port}/`, { timeoutMs: 200 })).toEqual({
      kind: "failed",
      error: "There was no answer within 0.2 s.",
    });
  });

  it("ends in time when the name server says nothing", async () => {
    const never: Resolve = () => new Promise(() => {});
    expect(await send("http://hooks.example/", { resolve: never, timeoutMs: 100 })).toMatchObject({ kind: "failed" });
  });

  it("counts the status of an answer whose body does not come", async () => {
    const { port } = await receiver((response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("12345");
    });
    expect(await send(`http://hooks.example:${port}/`, { timeoutMs: 300 })).toEqual({ kind: "answered", statusCode: 200 });
  });

  it("stops when it is told to, before and while it waits", async () => {
    const { port } = await receiver(() => stop.abort());
    const stop = new AbortController();
    expect(await send(`http://hooks.example:${port}/`, {}, stop.signal)).toEqual({ kind: "stopped" });
    expect(await send(`http://hooks.example:${port}/`, {}, AbortSignal.abort())).toEqual({ kind: "stopped" });
  });

  it("says that the connection was refused, cut off, or that there is no such host", async () => {
    const { port: closed } = await receiver(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { port: cutting } = await receiver((response) => void response.socket?.destroy());
    const wordsFor = async (url: string, over?: Partial<HttpSenderOptions>) => (await send(url, over)) as { error: string };
    expect((await wordsFor(`http://hooks.example:${closed}/`)).error).toBe("The connection was refused.");
    expect((await wordsFor(`http://hooks.example:${cutting}/`)).error).toBe("The connection was cut off before an answer.");
    expect((await wordsFor("http://hooks.example/", { resolve: async () => [] })).error).toBe("The host name was not found.");
  });

  it("trusts no certificate that signs itself, nor speaks TLS with what does not", async () => {
    const { key, certificate } = makeCertificate("hooks.example");
    const port = await listen(createTlsServer({ key, cert: certificate }, (_request, response) => void response.end()));
    expect(await send(`https://hooks.example:${port}/`)).toEqual({
      kind: "failed",
      error: "The TLS certificate is signed by itself, not by a public authority.",
    });
    const { port: plain } = await receiver((response) => response.end());
    expect(await send(`https://hooks.example:${plain}/`)).toMatchObject({
      kind: "failed",
      error: expect.stringMatching(/^The connection/),
    });
  });
});
