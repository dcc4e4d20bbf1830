// Invariant: with a session per account, a call for one account cannot use the key of another, whatever the process believes; what
// goes wrong with sessions is never blamed on a customer's key, and a session opens nothing that KMS would refuse.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KmsAws } from "../src/index.js";
import { connect, VENDOR_ACCOUNT } from "./loopback.js";

const CUSTOMER = "111122223333";
const REGION = "us-east-1";
const ROLE = `arn:aws:iam::${VENDOR_ACCOUNT}:role/ekm-service`;
const contextOf = (accountId: string) => ({ "ekm:account": accountId, "ekm:purpose": "probe" });

let aws: Awaited<ReturnType<typeof startMockAws>>;
let runtime: { accessKeyId: string; secretAccessKey: string };
let owner: ReturnType<typeof createAwsClient>;
beforeAll(async () => {
  aws = await startMockAws();
  await aws.simulator.subscribe((event) => {
    if (event.kind === "call" && event.operation === "AssumeRole") assumed += 1;
  });
});
afterAll(() => aws.close());
const open: KmsAws[] = [];
beforeEach(async () => {
  for (const kms of open.splice(0)) kms.close();
  await aws.simulator.reset();
  assumed = 0;
  runtime = await aws.simulator.accounts.create({ id: VENDOR_ACCOUNT, name: "vendor", principal: "role/ekm-runtime" });
  await aws.simulator.accounts.create({ id: VENDOR_ACCOUNT, name: "vendor", principal: "role/ekm-service" });
  owner = createAwsClient({
    endpoint: aws.url,
    region: REGION,
    ...(await aws.simulator.accounts.create({ id: CUSTOMER, name: "customer" })),
  });
});

const connectRuntime = (options: Parameters<typeof connect>[1] = {}) => {
  const { accessKeyId, secretAccessKey } = runtime;
  const kms = connect(aws.url, {
    accountSessions: true,
    vendorPrincipalArn: ROLE,
    credentials: { accessKeyId, secretAccessKey },
    ...options,
  });
  open.push(kms);
  return kms;
};
const service = (options: Parameters<typeof connect>[1] = {}) => connectRuntime(options).keyService;

/** Bound to the account by the session's tag alone: what the encryption context adds is tried elsewhere. */
async function keyFor(accountId: string): Promise<string> {
  const Principal = { AWS: `arn:aws:iam::${VENDOR_ACCOUNT}:root` };
  const Condition = { StringEquals: { "aws:PrincipalArn": ROLE, "aws:PrincipalTag/ekm:account": accountId } };
  const Statement = [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` }, Action: "kms:*", Resource: "*" },
    { Effect: "Allow", Principal, Action: ["kms:Describe*", "kms:*crypt*", "kms:GenerateDataKey*"], Resource: "*", Condition },
  ];
  const { body } = await owner.kms("CreateKey", { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
  return (body["KeyMetadata"] as { Arn: string }).Arn;
}
/** How often a role was assumed since the test began. */
let assumed = 0;

describe("a session per account", () => {
  it("uses the account's own key, in every operation, under one session", async () => {
    const kms = service();
    const [key, next] = [await keyFor("acc_a"), await keyFor("acc_a")];
    const context = contextOf("acc_a");
    const made = await kms.generateDataKey(key, context);
    if (!made.ok) throw new Error(made.error.code);
    const { ciphertext } = made.value;
    expect(await kms.decrypt(key, ciphertext, context)).toMatchObject({ ok: true });
    expect(await kms.encrypt(key, new Uint8Array(32), context)).toMatchObject({ ok: true });
    const move = { fromKeyArn: key, toKeyArn: next, ciphertext, fromContext: context, toContext: context };
    expect(await kms.reEncrypt(move)).toMatchObject({ ok: true });
    expect(await kms.describeKey(key, "acc_a")).toMatchObject({ ok: true });
    expect(await kms.generateDataKey(key, {}, "acc_a")).toMatchObject({ ok: true });
    expect(assumed).toBe(1);
  });

  it("cannot use another account's key, though the process could claim its context", async () => {
    const kms = service();
    const key = await keyFor("acc_b");
    const made = await kms.generateDataKey(key, contextOf("acc_b"));
    if (!made.ok) throw new Error(made.error.code);
    const denied = { ok: false, error: { code: "KEY_ACCESS_DENIED", failureClass: "refusal", keyArn: key } };
    expect(await kms.generateDataKey(key, contextOf("acc_a"))).toMatchObject(denied);
    expect(await kms.generateDataKey(key, contextOf("acc_b"), "acc_a")).toMatchObject(denied);
    expect(await kms.decrypt(key, made.value.ciphertext, contextOf("acc_b"), "acc_a")).toMatchObject(denied);
    expect(await kms.describeKey(key, "acc_a")).toMatchObject(denied);
    expect(await kms.describeKey(key)).toMatchObject(denied);
  });

  it("is needed where the policy requires its tag", async () => {
    const key = await keyFor("acc_a");
    const { accessKeyId, secretAccessKey } = await aws.simulator.accounts.create({
      id: VENDOR_ACCOUNT,
      name: "vendor",
      principal: "role/ekm-service",
    });
    const without = service({ accountSessions: false, credentials: { accessKeyId, secretAccessKey } });
    expect(await without.generateDataKey(key, contextOf("acc_a"))).toMatchObject({
      ok: false,
      error: {
        code: "KEY_ACCESS_DENIED",
        possibleCauses: expect.arrayContaining([expect.stringContaining("session tag")]),
      },
    });
    expect(await service().generateDataKey(key, contextOf("acc_a"))).toMatchObject({ ok: true });
  });

  it("asks KMS each time: a key that is disabled refuses under a session that is open", async () => {
    const kms = service();
    const key = await keyFor("acc_a");
    expect(await kms.generateDataKey(key, contextOf("acc_a"))).toMatchObject({ ok: true });
    await owner.kms("DisableKey", { KeyId: key });
    expect(await kms.generateDataKey(key, contextOf("acc_a"))).toMatchObject({ ok: false, error: { code: "KEY_DISABLED" } });
  });

  it("that AWS counts as over is replaced by the retry", async () => {
    const kms = service({ maxAttempts: 2 });
    const key = await keyFor("acc_a");
    await kms.describeKey(key, "acc_a");
    await aws.simulator.clock.set({ advanceMs: 3_700_000 });
    expect(await kms.describeKey(key, "acc_a")).toMatchObject({ ok: true });
    expect(assumed).toBe(2);
  });

  it("is renewed before it ends, and nobody notices", async () => {
    let now = 0;
    const kms = service({ monotonicMs: () => now });
    const key = await keyFor("acc_a");
    await kms.describeKey(key, "acc_a");
    now = 3_600_000 - 60_000;
    await aws.simulator.clock.set({ advanceMs: now });
    expect(await kms.describeKey(key, "acc_a")).toMatchObject({ ok: true });
    await aws.simulator.clock.set({ advanceMs: 120_000 });
    expect(await kms.describeKey(key, "acc_a")).toMatchObject({ ok: true });
    expect(assumed).toBe(2);
  });
});

describe("the policies of docs/identity.md", () => {
  /** As they stand there, for the vendor's account of this test. */
  async function documented() {
    const text = await readFile(new URL("../../../docs/identity.md", import.meta.url), "utf8");
    const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) =>
      JSON.parse(json.replaceAll("111122223333", VENDOR_ACCOUNT)),
    );
    expect(blocks).toHaveLength(2);
    const [trustPolicy, Statement] = blocks;
    await aws.simulator.accounts.setPrincipal(VENDOR_ACCOUNT, "role/ekm-service", {
      trustPolicy,
      policies: [{ Version: "2012-10-17", Statement }],
    });
    const Action = ["CreateKey", "TagResource", "DescribeKey", "ScheduleKeyDeletion"].map((name) => `kms:${name}`);
    const Allow = { Effect: "Allow", Resource: "*" };
    await aws.simulator.accounts.setPrincipal(VENDOR_ACCOUNT, "role/ekm-runtime", {
      policies: [
        {
          Version: "2012-10-17",
          Statement: [
            { ...Allow, Action },
            { ...Allow, Action: "sts:AssumeRole" },
          ],
        },
        { Version: "2012-10-17", Statement: [{ ...Allow, Action: "sts:TagSession" }] },
      ],
    });
  }

  it("let the product do all that it does, from the vendor's key to the customer's", async () => {
    await documented();
    const kms = connectRuntime();
    const made = await kms.vendorKeys.createKey("acc_a");
    if (!made.ok) throw new Error(made.error.code);
    const { arn } = made.value;
    const [context, key] = [contextOf("acc_a"), await keyFor("acc_a")];
    const wrapped = await kms.keyService.encrypt(arn, new Uint8Array(32), context);
    if (!wrapped.ok) throw new Error(wrapped.error.code);
    const { ciphertext } = wrapped.value;
    expect(await kms.keyService.decrypt(arn, ciphertext, context)).toMatchObject({ ok: true });
    const move = { fromKeyArn: arn, toKeyArn: key, ciphertext, fromContext: context, toContext: context };
    expect(await kms.keyService.reEncrypt(move)).toMatchObject({ ok: true });
    expect(await kms.keyService.describeKey(key, "acc_a")).toMatchObject({ ok: true });
    expect(await kms.vendorKeys.scheduleDeletion(arn)).toMatchObject({ ok: true });
  });

  it("keep an account from the vendor's key of another, and the process from all of them", async () => {
    await documented();
    const kms = connectRuntime();
    const made = await kms.vendorKeys.createKey("acc_a");
    if (!made.ok) throw new Error(made.error.code);
    const ours = { ok: false, error: { code: "VENDOR_AWS_FAULT" } };
    for (const accountId of ["acc_b", undefined]) {
      const context = accountId === undefined ? {} : contextOf(accountId);
      expect(await kms.keyService.encrypt(made.value.arn, new Uint8Array(32), context)).toMatchObject(ours);
    }
  });

  it("let nobody assume the role for anything but an account", async () => {
    await documented();
    const kms = connectRuntime().keyService;
    const key = await keyFor("*");
    expect(await kms.describeKey(key, "*")).toMatchObject({ ok: false, error: { code: "VENDOR_AWS_FAULT" } });
    expect(await kms.describeKey(await keyFor("admin"), "admin")).toMatchObject({
      ok: false,
      error: { code: "VENDOR_AWS_FAULT" },
    });
  });
});

describe("a role that cannot be assumed", () => {
  const oursFor = (keyArn: string) => ({ ok: false, error: { code: "VENDOR_AWS_FAULT", failureClass: "ours", keyArn } });

  it("is the vendor's fault, and loud in its log", async () => {
    const lines: string[] = [];
    const write = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`);
    const key = await keyFor("acc_a");
    await aws.simulator.accounts.setPrincipal(VENDOR_ACCOUNT, "role/ekm-service", {
      trustPolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: VENDOR_ACCOUNT }, Action: "sts:AssumeRole" }],
      },
    });
    const kms = service({ logger: { warn: write, error: write } });
    expect(await kms.decrypt(key, new Uint8Array(64), contextOf("acc_a"))).toMatchObject(oursFor(key));
    expect(lines).toEqual([expect.stringMatching(/"accountId":"acc_a","name":"AccessDenied".*gave no session/)]);
  });

  it("is not there at all: the same", async () => {
    const key = await keyFor("acc_a");
    const kms = service({ vendorPrincipalArn: `arn:aws:iam::${VENDOR_ACCOUNT}:role/nobody` });
    expect(await kms.describeKey(key, "acc_a")).toMatchObject(oursFor(key));
  });

  it("because STS throttles or fails: the same, and tried again within the budget", async () => {
    const key = await keyFor("acc_a");
    for (const [status, code] of [
      [400, "Throttling"],
      [500, "InternalFailure"],
      [403, "ExpiredToken"],
      [403, "RegionDisabledException"],
    ] as const) {
      const { url, requests, close } = await sts((_request, response) => {
        response.writeHead(status, { "content-type": "text/xml" });
        response.end(`<ErrorResponse><Error><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`);
      });
      const kms = connect(url, { accountSessions: true, vendorPrincipalArn: ROLE, maxAttempts: 3 });
      open.push(kms);
      expect(await kms.keyService.describeKey(key, "acc_a")).toMatchObject(oursFor(key));
      expect(requests()).toBe(3);
      await close();
    }
  });

  it("because STS cannot be reached: the road is to blame", async () => {
    const key = await keyFor("acc_a");
    const unreachable = { ok: false, error: { code: "KMS_UNREACHABLE", failureClass: "transient", keyArn: key } };
    const { url, close } = await sts((request) => request.socket.resetAndDestroy());
    const kms = connect(url, { accountSessions: true, vendorPrincipalArn: ROLE });
    open.push(kms);
    expect(await kms.keyService.describeKey(key, "acc_a")).toMatchObject(unreachable);
    await close();
    expect(await kms.keyService.describeKey(key, "acc_a")).toMatchObject(unreachable);
  });

  it("or answers with less than credentials: nothing is used", async () => {
    const key = await keyFor("acc_a");
    const { url, close } = await sts((_request, response) => {
      response.writeHead(200, { "content-type": "text/xml" });
      response.end("<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>");
    });
    const kms = connect(url, { accountSessions: true, vendorPrincipalArn: ROLE });
    open.push(kms);
    expect(await kms.keyService.describeKey(key, "acc_a")).toMatchObject(oursFor(key));
    await close();
  });
});

async function sts(answer: Parameters<typeof createServer>[1]) {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
