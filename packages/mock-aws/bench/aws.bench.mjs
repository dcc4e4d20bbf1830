// Data keys a second, signed and checked, and the time to start: this simulator against LocalStack and moto, in one run.
//   npm run bench:aws -- [--json FILE] [--seconds 1] [--rounds 7]
// A peer that is not installed is named and left out. LocalStack: scripts/localstack.mjs; moto: a virtual environment
// .tools/moto/venv with moto[server,kms]. Neither checks signatures or policies; all get the same signed requests. The client signs a request
// once and repeats it, so that it is not the client that is measured.
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { signRequest } from "../dist/front/sigv4/sign.js";
import { createAwsClient } from "../dist/index.js";

const root = path.resolve(import.meta.dirname, "..", "..", "..");
const built = path.join(import.meta.dirname, "..", "dist", "index.js");
const moto = path.join(root, ".tools", "moto", "venv", "bin", "moto_server");
const localstack = path.join(root, ".tools", "localstack", "venv", "bin", "python");
const CONCURRENCY = 16;

const { values } = parseArgs({
  options: { json: { type: "string" }, seconds: { type: "string", default: "1" }, rounds: { type: "string", default: "7" } },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);

const OURS = `
  const loading = performance.now();
  const { startMockAws } = await import(${JSON.stringify(built)});
  const began = performance.now();
  const aws = await startMockAws();
  const startMs = performance.now() - began;
  const readyMs = performance.now() - loading;
  const account = await aws.simulator.accounts.create({ id: "111122223333", name: "bench" });
  console.log(JSON.stringify({ event: "ready", url: aws.url, startMs, readyMs, ...account }));
`;

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A process that prints a ready line, or answers HTTP once it is there. */
async function start(name, command, parameters, ready) {
  const began = performance.now();
  const child = spawn(command, parameters, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((_resolve, reject) => child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`))));
  ended.catch(() => {});
  const line = await Promise.race([ready(child), ended]);
  const startMs = performance.now() - began;
  const credentials = { accessKeyId: line.accessKeyId ?? "111122223333", secretAccessKey: line.secretAccessKey ?? "test" };
  const kms = createAwsClient({ endpoint: line.url, region: "us-east-1", ...credentials });
  const created = await kms.kms("CreateKey");
  if (created.status !== 200) throw new Error(`${name} makes no key: ${JSON.stringify(created.body)}`);
  return {
    name,
    child,
    url: new URL(line.url),
    credentials,
    keyId: created.body.KeyMetadata.Arn,
    startMs,
    innerStartMs: line.startMs,
    innerReadyMs: line.readyMs,
    rates: [],
  };
}

async function readyLine(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"event":"ready"')) return JSON.parse(line);
  }
  throw new Error("no ready line");
}

const whenAnswering = (url) => async () => {
  for (let tries = 0; tries < 600; tries++) {
    try {
      await fetch(url);
      return { url };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${url} does not answer`);
};

/**
 * One request, signed once and sent over and over on a connection of its own, the next when the answer is there. Two cores are
 * shared: what the client spends, the server has not. So answers are read into one buffer, and one that is as long as the last one
 * is taken for whole.
 */
function caller(url, request, until) {
  const buffer = Buffer.alloc(64 * 1024);
  return new Promise((resolve, reject) => {
    let calls = 0;
    const open = () => {
      let waiting = 0;
      let lastLength = 0;
      let closing = false;
      let socket;
      const callback = (bytes, from) => {
        from.copy(buffer, waiting, 0, bytes);
        waiting += bytes;
        if (waiting !== lastLength) {
          const text = buffer.latin1Slice(0, waiting);
          if (!isWhole(text)) return true;
          lastLength = waiting;
          closing = /\r\nconnection: *close/i.test(text);
        }
        if (buffer.latin1Slice(9, 12) !== "200") reject(new Error(buffer.latin1Slice(0, waiting)));
        calls += 1;
        waiting = 0;
        if (!closing && performance.now() < until) socket.write(request);
        else socket.destroy();
        return true;
      };
      const onread = { buffer: Buffer.alloc(16 * 1024), callback };
      const options = { host: url.hostname, port: Number(url.port), noDelay: true, onread };
      socket = connect(options, () => socket.write(request));
      socket.on("error", reject);
      // moto closes the connection after each answer.
      socket.on("close", () => (performance.now() < until ? open() : resolve(calls)));
    };
    open();
  });
}

function isWhole(text) {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return length ? text.length >= head + 4 + Number(length[1]) : text.endsWith("\r\n0\r\n\r\n");
}

async function rate({ name, url, credentials, keyId }, forSeconds) {
  const body = JSON.stringify({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: { a: "b" } });
  const headers = {
    host: url.host,
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "TrentService.GenerateDataKey",
    "content-length": String(body.length),
  };
  const signed = signRequest(
    { method: "POST", path: "/", query: "", headers, body },
    { ...credentials, region: "us-east-1", service: "kms" },
  );
  const head = Object.entries(signed).map(([header, value]) => `${header}: ${value}`);
  const request = Buffer.from(`POST / HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n${body}`);
  const began = performance.now();
  const calls = await Promise.all(Array.from({ length: CONCURRENCY }, () => caller(url, request, began + forSeconds * 1000)));
  const total = calls.reduce((sum, each) => sum + each, 0);
  if (total === 0) throw new Error(`${name} answered nothing`);
  return total / ((performance.now() - began) / 1000);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const running = [];
try {
  running.push(await start("mock-aws", process.execPath, ["--input-type=module", "-e", OURS], readyLine));
  if (existsSync(localstack)) {
    const script = path.join(root, "scripts", "localstack.mjs");
    running.push(await start("LocalStack", process.execPath, [script, "--port", "0"], readyLine));
  } else console.error("LocalStack: left out, it is not installed (node scripts/localstack.mjs)");
  if (existsSync(moto)) {
    const port = await freePort();
    running.push(await start("moto", moto, ["-H", "127.0.0.1", "-p", String(port)], whenAnswering(`http://127.0.0.1:${port}/`)));
  } else console.error("moto: left out, .tools/moto/venv has no moto_server (moto[server,kms])");

  for (const each of running) await rate(each, 2);
  for (let round = 0; round < rounds; round++) for (const each of running) each.rates.push(await rate(each, seconds));

  const [ours, ...peers] = running;
  const results = peers.flatMap((peer) => [
    {
      name: "GenerateDataKey, 16 at a time",
      unit: "calls/s",
      value: Math.round(median(ours.rates)),
      peer: peer.name,
      peerValue: Math.round(median(peer.rates)),
      // Of each round by itself, for what else the machine does changes from one to the next.
      ratio: Number(median(ours.rates.map((rate, round) => rate / peer.rates[round])).toFixed(1)),
    },
    {
      name: "process start to first answer",
      unit: "ms",
      value: Math.round(ours.startMs),
      peer: peer.name,
      peerValue: Math.round(peer.startMs),
      ratio: Number((peer.startMs / ours.startMs).toFixed(1)),
    },
  ]);
  const alone = (name, unit, value) => ({ name, unit, value, peer: null, peerValue: null, ratio: null });
  const all = [
    alone("startMockAws()", "ms", Number(ours.innerStartMs.toFixed(1))),
    alone("import and startMockAws()", "ms", Math.round(ours.innerReadyMs)),
    ...(peers.length === 0 ? [alone("GenerateDataKey, 16 at a time", "calls/s", Math.round(median(ours.rates)))] : []),
    ...results,
  ];
  console.table(all);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
} finally {
  const gone = running.map(({ child }) => new Promise((resolve) => child.once("close", resolve)));
  for (const { child } of running) child.kill("SIGTERM");
  await Promise.all(gone);
}
