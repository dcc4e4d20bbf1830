// Invariant: nothing that AWS, a proxy or the network does makes the adapter throw, hand on an answer that was not asked
// for, or blame a customer's key for a broken road.

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Answerer, connect, type Loopback, sendJson, serveAnswers, VENDOR_ACCOUNT } from "./loopback.js";

const ARN = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const OTHER = "arn:aws:kms:us-east-1:111122223333:key/99999999-2222-3333-4444-555555555555";
const CONTEXT = { "ekm:account": "acc_1" };
const base64 = (length: number) => Buffer.alloc(length, 7).toString("base64");

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function against(answer: Answerer, options: Parameters<typeof connect>[1] = {}) {
  const server: Loopback = await serveAnswers(answer);
  const kms = connect(server.url, options);
  open.push(
    () => kms.close(),
    () => server.close(),
  );
  return { server, kms, service: kms.keyService };
}
function logBook() {
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(JSON.stringify(fields) + message);
  return { lines, logger: { warn: write, error: write } };
}
const unreachable = { ok: false, error: { code: "KMS_UNREACHABLE", failureClass: "transient" } };
const invalid = { ok: false, error: { code: "KMS_ANSWER_INVALID", failureClass: "data", awsRequestId: "req-1" } };

describe("the road to KMS", () => {
  it("a reset connection", async () => {
    const { service } = await against((_, response) => response.socket?.resetAndDestroy());
    expect(await service.describeKey(ARN)).toMatchObject(unreachable);
  });

  it("a refused connection", async () => {
    const { server, service } = await against(() => {});
    await server.close();
    expect(await service.describeKey(ARN)).toMatchObject(unreachable);
  });

  it("no answer at all: the request time-out ends it", async () => {
    const { lines, logger } = logBook();
    const { service } = await against(() => {}, { requestTimeoutMs: 60, logger });
    expect(await service.decrypt(ARN, new Uint8Array(40), CONTEXT)).toMatchObject(unreachable);
    expect(lines.join()).toContain("TimeoutError");
  });

  it("an answer that stalls in its body: the bound on the whole call ends it", async () => {
    const { service } = await against(
      (_, response) => {
        response.writeHead(200, { "content-length": "500" });
        response.write('{"KeyId":');
      },
      { requestTimeoutMs: 60, connectionTimeoutMs: 60 },
    );
    expect(await service.decrypt(ARN, new Uint8Array(40), CONTEXT)).toMatchObject(unreachable);
  });

  it("a truncated body, status 200", async () => {
    const { service } = await against((_, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1", "content-length": "500" });
      response.write('{"KeyId":"arn:aws');
      setImmediate(() => response.socket?.destroy());
    });
    expect(await service.decrypt(ARN, new Uint8Array(40), CONTEXT)).toMatchObject(unreachable);
  });

  it.each([200, 403, 502, 503])("a proxy's HTML page with status %i", async (status) => {
    const { service } = await against((_, response) => {
      response.writeHead(status, { "content-type": "text/html" });
      response.end("<html><body>Blocked by your administrator</body></html>");
    });
    const outcome = await service.encrypt(ARN, new Uint8Array(32), CONTEXT);
    expect(outcome).toMatchObject(unreachable);
    expect(JSON.stringify(outcome)).not.toContain("administrator");
  });

  it("something that does not speak HTTP", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("SSH-2.0-OpenSSH_9.2\r\n", () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const kms = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    open.push(
      () => kms.close(),
      () => new Promise((resolve) => server.close(resolve)),
    );
    expect(await kms.keyService.describeKey(ARN)).toMatchObject(unreachable);
  });

  it("any other 5xx is a fault of AWS", async () => {
    const { service } = await against((_, response) => sendJson(response, 500, { __type: "InternalFailure" }));
    expect(await service.describeKey(ARN)).toMatchObject({ error: { code: "KMS_INTERNAL", failureClass: "transient" } });
  });

  it("closing ends calls in flight, without a retry", async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { server, kms, service } = await against(() => arrived(), { maxAttempts: 5 });
    const call = service.describeKey(ARN);
    await arrival;
    kms.close();
    expect(await call).toMatchObject(unreachable);
    expect(server.requests()).toBe(1);
  });
});

describe("answers that were not asked for", () => {
  it.each([
    ["another key's id", { KeyId: OTHER, Plaintext: base64(32), CiphertextBlob: base64(184) }],
    ["the bare id", { KeyId: ARN.split("/")[1], Plaintext: base64(32), CiphertextBlob: base64(184) }],
    ["a short key", { KeyId: ARN, Plaintext: base64(16), CiphertextBlob: base64(184) }],
    ["a long key", { KeyId: ARN, Plaintext: base64(64), CiphertextBlob: base64(184) }],
    ["no plaintext", { KeyId: ARN, CiphertextBlob: base64(184) }],
    ["a ciphertext beyond AWS's bound", { KeyId: ARN, Plaintext: base64(32), CiphertextBlob: base64(6145) }],
    ["an empty ciphertext", { KeyId: ARN, Plaintext: base64(32), CiphertextBlob: "" }],
    ["an empty object", {}],
  ])("generateDataKey: %s", async (_, body) => {
    const { service } = await against((_request, response) => sendJson(response, 200, body));
    expect(await service.generateDataKey(ARN, CONTEXT)).toMatchObject(invalid);
  });

  it.each([
    ["encrypt, another key's id", { KeyId: OTHER, CiphertextBlob: base64(184) }],
    ["encrypt, no ciphertext", { KeyId: ARN }],
  ])("%s", async (_, body) => {
    const { service } = await against((_request, response) => sendJson(response, 200, body));
    expect(await service.encrypt(ARN, new Uint8Array(32), CONTEXT)).toMatchObject(invalid);
  });

  it.each([
    ["another key's id", { KeyId: OTHER, Plaintext: base64(32) }],
    ["no plaintext", { KeyId: ARN, Plaintext: "" }],
    ["too much plaintext", { KeyId: ARN, Plaintext: base64(4097) }],
  ])("decrypt: %s", async (_, body) => {
    const { service } = await against((_request, response) => sendJson(response, 200, body));
    expect(await service.decrypt(ARN, new Uint8Array(40), CONTEXT)).toMatchObject(invalid);
  });

  it.each([
    ["another source", { SourceKeyId: OTHER, KeyId: OTHER, CiphertextBlob: base64(184) }],
    ["another target", { SourceKeyId: ARN, KeyId: ARN, CiphertextBlob: base64(184) }],
  ])("reEncrypt: %s", async (_, body) => {
    const { service } = await against((_request, response) => sendJson(response, 200, body));
    const request = {
      fromKeyArn: ARN,
      toKeyArn: OTHER,
      ciphertext: new Uint8Array(40),
      fromContext: CONTEXT,
      toContext: CONTEXT,
    };
    expect(await service.reEncrypt(request)).toMatchObject(invalid);
  });

  it("describeKey hands on the ARN as answered, and refuses a description without one", async () => {
    let KeyMetadata: unknown = { Arn: OTHER, KeyId: "x", KeyState: "Enabled" };
    const { service } = await against((_, response) => sendJson(response, 200, { KeyMetadata }));
    expect(await service.describeKey(ARN)).toMatchObject({ ok: true, value: { arn: OTHER } });
    KeyMetadata = { KeyId: "x" };
    expect(await service.describeKey(ARN)).toMatchObject(invalid);
  });
});

describe("who is at fault", () => {
  const denied = (action: string) => ({
    __type: "AccessDeniedException",
    message: `User: arn:aws:iam::${VENDOR_ACCOUNT}:role/ekm is not authorized to perform: ${action} on this resource`,
  });
  const request = { fromKeyArn: ARN, toKeyArn: OTHER, ciphertext: new Uint8Array(40), fromContext: CONTEXT, toContext: CONTEXT };

  it("a denial of a customer's key is that key's refusal, with AWS's name and request id and none of its text", async () => {
    const { service } = await against((_, response) => sendJson(response, 400, denied("kms:Decrypt")));
    const outcome = await service.decrypt(ARN, new Uint8Array(40), CONTEXT);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "KEY_ACCESS_DENIED", keyArn: ARN, awsErrorName: "AccessDeniedException", awsRequestId: "req-1" },
    });
    expect(JSON.stringify(outcome)).not.toContain(VENDOR_ACCOUNT);
  });

  it("a denial of the vendor's own key is the vendor's fault, in every call", async () => {
    const { kms, service } = await against((_, response) => sendJson(response, 400, denied("kms:Decrypt")));
    const own = ARN.replace("111122223333", VENDOR_ACCOUNT);
    for (const outcome of [
      await service.decrypt(own, new Uint8Array(40), CONTEXT),
      await kms.vendorKeys.createKey("acc_1"),
      await kms.vendorKeys.scheduleDeletion(own),
    ]) {
      expect(outcome).toMatchObject({ ok: false, error: { code: "VENDOR_AWS_FAULT", failureClass: "ours" } });
    }
  });

  it.each([
    [denied("kms:ReEncryptFrom"), ARN],
    [denied("kms:ReEncryptTo"), OTHER],
    [{ __type: "DisabledException", message: `${ARN} is disabled.` }, ARN],
    [{ __type: "DisabledException", message: `${OTHER} is disabled.` }, OTHER],
    [{ __type: "InvalidCiphertextException" }, ARN],
  ])("reEncrypt names the key that refused: %j", async (body, keyArn) => {
    const { service } = await against((_, response) => sendJson(response, 400, body));
    expect(await service.reEncrypt(request)).toMatchObject({ ok: false, error: { keyArn } });
  });

  it("logs what no rule knows, and the vendor's faults, without AWS's text", async () => {
    const { lines, logger } = logBook();
    const bodies = [{ __type: "NoveltyException", message: "secret text" }, { __type: "OptInRequired" }];
    const { service } = await against((_, response) => sendJson(response, 400, bodies.shift()), { logger });
    expect(await service.describeKey(ARN)).toMatchObject({ error: { code: "KMS_INTERNAL", awsErrorName: "NoveltyException" } });
    expect(await service.describeKey(ARN)).toMatchObject({ error: { code: "VENDOR_AWS_FAULT" } });
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain("secret text");
  });
});

describe("calls that are never made", () => {
  it.each([
    ["a Region off the list", ARN.replace("us-east-1", "ap-south-1"), "KEY_REGION_UNSUPPORTED"],
    ["a Region that is a host name", ARN.replace("us-east-1", "evil.example"), "KEY_ARN_INVALID"],
    ["an alias", "arn:aws:kms:us-east-1:111122223333:alias/mine", "KEY_ARN_INVALID"],
    ["a bare id", "11111111-2222-3333-4444-555555555555", "KEY_ARN_INVALID"],
  ])("%s", async (_, keyArn, code) => {
    const { server, service } = await against((_request, response) => sendJson(response, 200, {}));
    expect(await service.describeKey(keyArn)).toMatchObject({ ok: false, error: { code, failureClass: "input" } });
    expect(server.requests()).toBe(0);
  });

  it("reEncrypt across Regions", async () => {
    const { server, service } = await against((_request, response) => sendJson(response, 200, {}));
    const toKeyArn = OTHER.replace("us-east-1", "eu-west-1");
    const request = { fromKeyArn: ARN, toKeyArn, ciphertext: new Uint8Array(40), fromContext: CONTEXT, toContext: CONTEXT };
    expect(await service.reEncrypt(request)).toMatchObject({
      ok: false,
      error: { code: "INPUT_INVALID", failureClass: "input" },
    });
    expect(server.requests()).toBe(0);
  });
});

describe("the vendor's own keys", () => {
  const own = ARN.replace("111122223333", VENDOR_ACCOUNT);

  it("are made with the account's id as a tag", async () => {
    let seen: unknown;
    const { kms } = await against(({ body }, response) => {
      seen = body;
      sendJson(response, 200, { KeyMetadata: { Arn: own, KeyId: "x" } });
    });
    expect(await kms.vendorKeys.createKey("acc_1")).toMatchObject({ ok: true, value: { arn: own } });
    expect(seen).toMatchObject({ KeySpec: "SYMMETRIC_DEFAULT", Tags: [{ TagKey: "ekm:account", TagValue: "acc_1" }] });
  });

  it("go after 7 days; a second time, and gone, are successes", async () => {
    const date = 1_800_000_000;
    const answers = [
      [200, { KeyId: own, DeletionDate: date, KeyState: "PendingDeletion" }],
      [400, { __type: "KMSInvalidStateException", message: `${own} is pending deletion.` }],
      [200, { KeyMetadata: { Arn: own, KeyId: "x", KeyState: "PendingDeletion", DeletionDate: date } }],
      [400, { __type: "NotFoundException", message: `Key '${own}' does not exist` }],
    ] as const;
    let next = 0;
    const windows: unknown[] = [];
    const { kms } = await against(({ body }, response) => {
      windows.push(body["PendingWindowInDays"]);
      const answer = answers[next++];
      sendJson(response, answer?.[0] ?? 500, answer?.[1]);
    });
    const deletionDate = new Date(date * 1000);
    expect(await kms.vendorKeys.scheduleDeletion(own)).toMatchObject({ ok: true, value: { deletionDate } });
    expect(await kms.vendorKeys.scheduleDeletion(own)).toMatchObject({ ok: true, value: { deletionDate } });
    expect(await kms.vendorKeys.scheduleDeletion(own)).toMatchObject({ ok: true });
    expect(windows).toEqual([7, 7, undefined, 7]);
  });
});

describe("retries over the wire", () => {
  it("makes three requests of a call that is throttled twice", async () => {
    let left = 2;
    const { server, service } = await against(
      (_, response) =>
        left-- > 0
          ? sendJson(response, 400, { __type: "ThrottlingException" })
          : sendJson(response, 200, { KeyId: ARN, Plaintext: base64(32), CiphertextBlob: base64(184) }),
      { maxAttempts: 3 },
    );
    expect((await service.generateDataKey(ARN, CONTEXT)).ok).toBe(true);
    expect(server.requests()).toBe(3);
  });

  it("makes one request of a call that is refused", async () => {
    const { server, service } = await against(
      (_, response) => sendJson(response, 400, { __type: "DisabledException", message: `${ARN} is disabled.` }),
      { maxAttempts: 3 },
    );
    expect(await service.generateDataKey(ARN, CONTEXT)).toMatchObject({ ok: false, error: { code: "KEY_DISABLED" } });
    expect(server.requests()).toBe(1);
  });
});
