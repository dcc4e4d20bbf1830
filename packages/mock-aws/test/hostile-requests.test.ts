// Invariant: slow, half-sent, huge, stale, repeated and damaged requests get AWS's own answers, and leave nothing behind.
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { signRequest, timestampOf } from "../src/front/sigv4/sign.js";
import { type AccountView, createAwsClient, type MockAws } from "../src/index.js";
import { newSubject } from "./fidelity/subject.js";
import { type Kind, ROWS, type Subject } from "./fidelity/table.js";
import { parties, start } from "./harness.js";

/** All that comes back until the connection is closed. */
function conversation(aws: MockAws, talk: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(aws.port, "127.0.0.1", () => talk(socket));
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? resolve(text) : reject(error)));
  });
}

describe("slow and half-sent requests", () => {
  it.each([
    ["a head that never ends", "POST / HTTP/1.1\r\nhost: x\r\n"],
    ["a body that never comes", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"],
    ["a chunk that never ends", "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n64\r\n{"],
  ])("%s is cut off with 408", async (_name, text) => {
    const aws = await start({ requestTimeoutMs: 200 });
    expect(await conversation(aws, (socket) => socket.write(text))).toMatch(/^HTTP\/1.1 408 /);
    expect((await aws.simulator.health()).status).toBe("ok");
  });

  it("a byte now and then does not keep the connection", async () => {
    const aws = await start({ requestTimeoutMs: 300 });
    const answer = await conversation(aws, (socket) => {
      socket.write("POST / HTTP/1.1\r\n");
      const drip = setInterval(() => socket.write("a: b\r\n"), 50);
      socket.on("close", () => clearInterval(drip));
    });
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  it("a hundred connections that say nothing do not keep others from being served", async () => {
    const { aws, owner } = await parties({ requestTimeoutMs: 500 });
    const silent = Array.from({ length: 100 }, () => conversation(aws, () => {}));
    const kms = createAwsClient({ endpoint: aws.url, ...owner, region: "us-east-1" });
    expect((await kms.kms("ListKeys")).status).toBe(200);
    expect(new Set(await Promise.all(silent)).size).toBe(1);
  });
});

describe("signatures and time", () => {
  const send = async (aws: MockAws, account: AccountView, date: Date) => {
    const headers = {
      host: new URL(aws.url).host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "TrentService.ListKeys",
    };
    const request = { method: "POST", path: "/", query: "", headers, body: "{}" };
    const { host: _host, ...signed } = signRequest(request, { ...account, region: "us-east-1", service: "kms" }, date);
    const call = async () => {
      const answer = await fetch(aws.url, { method: "POST", headers: signed, body: "{}" });
      return { status: answer.status, body: (await answer.json()) as { __type?: string; message?: string } };
    };
    return { call };
  };

  it("a request may be sent again within five minutes, as at AWS, which keeps no list of signatures", async () => {
    const { aws, owner } = await parties();
    const { call } = await send(aws, owner, new Date(Date.now() - 4 * 60_000));
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
  });

  it.each([
    ["six minutes old", -6, /^Signature expired: /],
    ["six minutes ahead", 6, /^Signature not yet current: /],
  ])("%s is InvalidSignatureException, wherever the simulated clock stands", async (_name, minutes, text) => {
    const { aws, owner } = await parties();
    await aws.simulator.clock.set({ advanceMs: 86_400_000 });
    const date = new Date(Date.now() + minutes * 60_000);
    const { status, body } = await (await send(aws, owner, date)).call();
    expect([status, body.__type]).toEqual([400, "InvalidSignatureException"]);
    expect(body.message).toMatch(text);
    expect(body.message).toContain(timestampOf(date));
  });
});

/** A generator of numbers that a seed fixes (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  "",
  "x",
  "\u0000",
  "ü€𝄞",
  "a".repeat(10_000),
  "arn:aws:kms:us-east-1:111122223333:key/",
  "alias/",
  "alias/aws/s3",
  [],
  {},
  [[[[]]]],
  { __proto__: { a: 1 }, constructor: "x" },
  "A".repeat(8192),
  '{"Version":"2012-10-17","Statement":[{}]}',
];

describe("damaged requests", () => {
  it("every operation, with members missing, swapped or strange, answers as AWS does (3,000 requests, seeded)", async () => {
    const { aws, owner } = await parties();
    const kms = createAwsClient({ endpoint: aws.url, ...owner, region: "us-east-1" });
    const kinds = [...new Set(ROWS.map((row) => row.kind))];
    const subjects = new Map<Kind, Subject>();
    for (const kind of kinds) subjects.set(kind, await newSubject(kms, kind, false));
    const random = seeded(Number(process.env["EKM_FUZZ_SEED"] ?? 20_260_101));
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const began = performance.now();
    for (let sent = 0; sent < 3000; sent++) {
      const row = pick(ROWS);
      const subject = subjects.get(row.kind);
      if (subject === undefined) throw new Error(`there is no subject of kind ${row.kind}`);
      const input: Record<string, unknown> = { ...row.input(subject) };
      const name = pick([...Object.keys(input), "Extra", "GrantTokens", "DryRun", "Limit", "Marker"]);
      if (random() < 0.3) delete input[name];
      else input[name] = random() < 0.2 ? pick(Object.values(input)) : pick(STRANGE);
      const operation = random() < 0.1 ? pick(ROWS).operation : row.operation;
      const { status, body } = await kms.kms(operation, input);
      expect([200, 400], `${operation} ${JSON.stringify(input).slice(0, 500)} ${JSON.stringify(body)}`).toContain(status);
    }
    expect(performance.now() - began).toBeLessThan(60_000);
    expect((await aws.simulator.health()).status).toBe("ok");
  }, 90_000);

  it("2,000 large requests that are refused leave no memory behind", async () => {
    const aws = await start();
    const body = "x".repeat(100_000);
    const refuse = async (times: number) => {
      for (let sent = 0; sent < times; sent += 20) {
        await Promise.all(Array.from({ length: 20 }, async () => (await fetch(aws.url, { method: "POST", body })).arrayBuffer()));
      }
    };
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
    await refuse(200);
    const before = used();
    await refuse(2000);
    expect(used() - before).toBeLessThan(100 * 1024 * 1024);
  }, 90_000);
});
