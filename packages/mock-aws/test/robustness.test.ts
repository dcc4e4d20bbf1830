// Invariant: whatever arrives on the port is answered, within bounds, and never brings the server down.
import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpCall } from "../src/client/http.js";
import { signRequest } from "../src/front/sigv4/sign.js";
import { type AccountView, createAwsClient, type MockAws } from "../src/index.js";
import { parties, start } from "./harness.js";

async function post(
  aws: MockAws,
  account: AccountView,
  body: string,
  target = "TrentService.Encrypt",
  type = "application/x-amz-json-1.1",
) {
  const headers = { host: new URL(aws.url).host, "content-type": type, ...(target === "" ? {} : { "x-amz-target": target }) };
  const identity = { ...account, region: "us-east-1", service: "kms" };
  const { host: _host, ...signed } = signRequest({ method: "POST", path: "/", query: "", headers, body }, identity);
  const answer = await fetch(aws.url, { method: "POST", headers: signed, body });
  const text = await answer.text();
  return { status: answer.status, type: String((JSON.parse(text) as { __type?: unknown }).__type) };
}

describe("POST /", () => {
  it.each([
    ["{", "SerializationException"],
    ["[]", "SerializationException"],
    ["null", "SerializationException"],
    ["", "SerializationException"],
    ['{"KeyId":1,"Plaintext":"eA=="}', "SerializationException"],
    ['{"KeyId":"a","Plaintext":"***"}', "SerializationException"],
    ['{"KeyId":"a","Plaintext":"eA==","EncryptionContext":[]}', "SerializationException"],
    ['{"KeyId":"a","Plaintext":"eA==","EncryptionContext":{"a":1}}', "SerializationException"],
    ["{}", "ValidationException"],
    ['{"KeyId":"","Plaintext":"eA=="}', "ValidationException"],
    ['{"KeyId":"a","Plaintext":""}', "ValidationException"],
  ])("a body of %j is %s", async (body, type) => {
    const { aws, owner } = await parties();
    expect(await post(aws, owner, body)).toEqual({ status: 400, type });
  });

  it.each(["", "TrentService.Nothing", "Other.Encrypt", "TrentService.toString", "TrentService.__proto__"])(
    "target %j is UnknownOperationException",
    async (target) => {
      const { aws, owner } = await parties();
      expect(await post(aws, owner, "{}", target)).toEqual({ status: 400, type: "UnknownOperationException" });
    },
  );

  it("a context whose names are those of Object.prototype is a context like any other", async () => {
    const { aws, owner } = await parties();
    const kms = createAwsClient({ endpoint: aws.url, ...owner, region: "us-east-1" });
    const created = (await kms.kms("CreateKey")).body["KeyMetadata"] as { Arn: string };
    const context = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const input = { KeyId: created.Arn, Plaintext: "eA==", EncryptionContext: context };
    const { CiphertextBlob } = (await kms.kms("Encrypt", input)).body;
    expect((await kms.kms("Decrypt", { CiphertextBlob, EncryptionContext: context })).body["Plaintext"]).toBe("eA==");
    expect((await kms.kms("Decrypt", { CiphertextBlob, EncryptionContext: { constructor: "b" } })).status).toBe(400);
    expect((await kms.kms("Decrypt", { CiphertextBlob })).status).toBe(400);
  });

  it.each([
    ["an announced length", "content-length: 300000\r\n\r\n"],
    ["chunks", `transfer-encoding: chunked\r\n\r\n${`10000\r\n${"x".repeat(0x10000)}\r\n`.repeat(5)}`],
  ])("an oversized body with %s is refused, and the connection closed", async (_name, rest) => {
    const aws = await start();
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(aws.port, "127.0.0.1", () => socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${rest}`));
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain("RequestEntityTooLargeException");
    expect((await aws.simulator.health()).status).toBe("ok");
  });

  it("without a signature it is MissingAuthenticationTokenException", async () => {
    const aws = await start();
    const answer = await fetch(aws.url, { method: "POST", body: "{}" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      __type: "MissingAuthenticationTokenException",
      message: "Request is missing Authentication Token",
    });
  });

  it("a wrong secret is InvalidSignatureException, an unknown access key UnrecognizedClientException", async () => {
    const { aws, owner } = await parties();
    expect(await post(aws, { ...owner, secretAccessKey: "wrong" }, "{}")).toEqual({
      status: 400,
      type: "InvalidSignatureException",
    });
    expect(await post(aws, { ...owner, accessKeyId: "AKIAAAAAAAAAAAAAAAAA" }, "{}")).toEqual({
      status: 400,
      type: "UnrecognizedClientException",
    });
  });

  it("raw bytes of any kind leave it standing (property)", async () => {
    const aws = await start();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, asBody) => {
        const head = Buffer.from(asBody ? `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes.length}\r\n\r\n` : "");
        await new Promise<void>((resolve) => {
          const socket = connect(aws.port, "127.0.0.1", () => socket.end(Buffer.concat([head, bytes])));
          socket.on("error", () => resolve());
          socket.on("close", () => resolve());
          socket.resume();
        });
      }),
      { numRuns: 100 },
    );
    expect((await aws.simulator.health()).status).toBe("ok");
    expect((await fetch(`${aws.url}/_simulator/health`)).status).toBe(200);
  });

  it("random bodies, properly signed, get an answer of AWS (property)", async () => {
    const { aws, owner } = await parties();
    const targets = fc.constantFrom(
      "Encrypt",
      "Decrypt",
      "CreateKey",
      "PutKeyPolicy",
      "ReEncrypt",
      "GenerateDataKey",
      "ListKeys",
    );
    const members = fc.constantFrom(
      "KeyId",
      "Plaintext",
      "CiphertextBlob",
      "Policy",
      "Tags",
      "Limit",
      "KeySpec",
      "DestinationKeyId",
    );
    const bodies = fc.dictionary(members, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }).map((body) => JSON.stringify(body));
    await fc.assert(
      fc.asyncProperty(targets, bodies, async (target, body) => {
        const answer = await post(aws, owner, body, `TrentService.${target}`);
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the control interface", () => {
  const send = async (aws: MockAws, method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(aws.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, message: String(((await answer.json()) as { message?: unknown }).message) };
  };

  it.each([
    ["GET", "/nothing", undefined, 404],
    ["GET", "/_simulator/accounts/1/status", undefined, 405],
    ["DELETE", "/_simulator/accounts", undefined, 405],
    ["PUT", "/_simulator/accounts/123456789012/status", '{"status":"SUSPENDED"}', 404],
    ["PUT", "/_simulator/keys/x/state", '{"state":"Disabled"}', 404],
    ["PUT", "/_simulator/keys/x/state", "{}", 400],
    ["PUT", "/_simulator/keys/x/state", '{"state":"Sleepy"}', 400],
    ["PUT", "/_simulator/keys/%E0%A4%A/state", '{"state":"Disabled"}', 400],
    ["POST", "/_simulator/accounts", "{", 400],
    ["POST", "/_simulator/accounts", "{}", 400],
    ["POST", "/_simulator/accounts", '{"name":"x","id":"12"}', 400],
    ["POST", "/_simulator/accounts", '{"name":"x","principal":"group/x"}', 400],
    ["POST", "/_simulator/accounts", '{"name":"x","extra":1}', 400],
    ["PUT", "/_simulator/clock", '{"advanceMs":-1}', 400],
    ["PUT", "/_simulator/clock", '{"now":"2001-01-01T00:00:00Z"}', 409],
    ["POST", "/_localstack/chaos/faults", '[{"effect":"boom"}]', 400],
    ["POST", "/_localstack/chaos/faults", undefined, 400],
    ["POST", "/_localstack/chaos/effects", '{"latency":"x"}', 400],
    ["GET", "/_simulator/events?since=x", undefined, 400],
  ])("%s %s %s: %i, with a message", async (method, path, body, status) => {
    const answer = await send(await start(), method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.message.length).toBeGreaterThan(5);
  });

  it("is not steered by a page of another site", async () => {
    const aws = await start();
    const evil = await send(aws, "POST", "/_simulator/reset", undefined, { origin: "https://evil.example" });
    expect(evil.status).toBe(403);
    // Its name was made to point here: to the browser, page and simulator are of one origin.
    const rebound = { origin: "http://evil.example:4566", host: "evil.example:4566" };
    const answer = await httpCall(new URL("/_simulator/reset", aws.url), { method: "POST", headers: rebound });
    expect(answer.status).toBe(403);
    const own = await send(aws, "POST", "/_simulator/reset", undefined, { origin: aws.url });
    expect(own.status).toBe(200);
  });
});
