// What a gateway's and a worker's event loops see of the ciphers: their delay and their part of the processor while idle, and while the
// worker seals and restores a tree on the same database. A worker reads lock epochs and beats every 250 ms: its greatest delay is how
// late that can be.
// npm run bench -- event-loop [--json FILE] [--megabytes N]
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const { values } = parseArgs({ options: { json: { type: "string" }, megabytes: { type: "string", default: "1000" } } });
const bytes = Number(values.megabytes) * 1e6;
const IDLE_MS = 5_000;
const REGION = "eu-west-1";
const PRELOAD = new URL("../test/preloads/watch-process.mjs", import.meta.url).href;

const directory = mkdtempSync(path.join(tmpdir(), "ekm-bench-"));
const aws = await startMockAws({ seed: 1 });
const children = [];

async function start(file, env) {
  const child = spawn(process.execPath, ["--import", PRELOAD, path.resolve(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, url: JSON.parse(line).url };
  throw new Error(`${file} did not start`);
}

async function tell({ child }, message) {
  child.send(message);
  return (await once(child, "message"))[0];
}

async function main() {
  const vendor = await aws.simulator.accounts.create({ id: "111122223333", name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ name: "customer" });
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwks = path.join(directory, "jwks.json");
  writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "EdDSA", use: "sig" }] }));
  const signingKey = path.join(directory, "signing-key.pem");
  writeFileSync(signingKey, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
  const token = (roles, account) =>
    new SignJWT({ "ekm:roles": roles, ...(account === undefined ? {} : { "ekm:account": account }) })
      .setProtectedHeader({ alg: "EdDSA", kid: "k" })
      .setSubject("bench")
      .setIssuer("https://issuer.test")
      .setAudience("ekm")
      .setExpirationTime("1h")
      .sign(privateKey);

  const data = path.join(directory, "data");
  mkdirSync(path.join(data, "tree"), { recursive: true });
  writeFileSync(path.join(data, "tree", "large"), "");
  truncateSync(path.join(data, "tree", "large"), bytes);
  const environment = {
    EKM_DATABASE: path.join(directory, "ekm.sqlite"),
    EKM_STORE_DIR: path.join(directory, "objects"),
    EKM_ALLOWED_ROOTS: data,
    EKM_RESTORE_ROOT: data,
    EKM_SHARED_ROOTS: "true",
    EKM_SIGNING_KEY: signingKey,
    EKM_KMS_ENDPOINT: aws.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: vendor.accessKeyId,
    AWS_SECRET_ACCESS_KEY: vendor.secretAccessKey,
    EKM_VENDOR_AWS_ACCOUNT_ID: vendor.id,
    EKM_VENDOR_PRINCIPAL_ARN: vendor.principalArn,
    EKM_ALLOWED_REGIONS: REGION,
    EKM_JWT_ISSUER: "https://issuer.test",
    EKM_JWT_AUDIENCE: "ekm",
    EKM_JWKS: jwks,
    EKM_PORT: "0",
    EKM_LOG_LEVEL: "warn",
  };
  const gateway = await start("../dist/main.js", environment);
  const worker = await start("../../worker/dist/main.js", environment);
  const ask = async (bearer, query) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
    const response = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { data: answer, errors } = await response.json();
    const refusals = Object.values(answer ?? {}).flatMap((payload) => payload?.userErrors ?? []);
    if (errors || refusals.length > 0) throw new Error(JSON.stringify(errors ?? refusals));
    return answer;
  };
  const { createAccount } = await ask(
    await token(["SUPPORT"]),
    'mutation { createAccount(input: { name: "bench" }) { account { id } userErrors { code } } }',
  );
  const { id } = createAccount.account;
  await ask(await token(["SUPPORT"]), `mutation { activateEkm(input: { accountId: "${id}" }) { userErrors { code } } }`);
  const admin = await token(["ACCOUNT_ADMIN"], id);
  const owner = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
  const arn = (await owner.kms("CreateKey", {})).body.KeyMetadata.Arn;
  const { account } = await ask(admin, `{ account { ekm { terms { version } grantTemplate(keyArn: "${arn}") { keyPolicy } } } }`);
  await owner.kms("PutKeyPolicy", { KeyId: arn, PolicyName: "default", Policy: account.ekm.grantTemplate.keyPolicy });
  await ask(
    admin,
    `mutation { enableEkm(input: { keyArn: "${arn}", acceptedTermsVersion: "${account.ekm.terms.version}", confirmIrreversible: true }) { userErrors { code } } }`,
  );
  const { registerBackupSource } = await ask(
    admin,
    `mutation { registerBackupSource(input: { name: "tree", kind: DIRECTORY, location: "${path.join(data, "tree")}" }) { source { id } userErrors { code } } }`,
  );

  const ended = async (job) => {
    for (;;) {
      const { node } = await ask(admin, `{ node(id: "${job}") { ... on Backup { status } ... on Restore { status } } }`);
      if (node.status === "SUCCEEDED") return;
      if (node.status === "FAILED") throw new Error(`${job} failed`);
      await sleep(250);
    }
  };
  const watched = async (during) => {
    await Promise.all([tell(gateway, "reset"), tell(worker, "reset")]);
    const began = performance.now();
    await during();
    const seconds = (performance.now() - began) / 1000;
    return { gateway: await tell(gateway, "report"), worker: await tell(worker, "report"), seconds };
  };
  const source = registerBackupSource.source.id;
  let backup;
  const idle = await watched(() => sleep(IDLE_MS));
  const sealing = await watched(async () => {
    const { startBackup } = await ask(
      admin,
      `mutation { startBackup(input: { sourceId: "${source}" }) { backup { id } userErrors { code } } }`,
    );
    backup = startBackup.backup.id;
    await ended(backup);
  });
  const restoring = await watched(async () => {
    const { startRestore } = await ask(
      admin,
      `mutation { startRestore(input: { backupId: "${backup}" }) { restore { id } userErrors { code } } }`,
    );
    await ended(startRestore.restore.id);
  });
  return { idle, sealing, restoring };
}

const rowsOf = (what, seen, idle) =>
  ["gateway", "worker"].flatMap((name) => {
    const row = (label, unit, measure) => ({
      name: `${name}, ${what}: ${label}`,
      unit,
      value: measure(seen, name),
      peer: "idle",
      peerValue: measure(idle, name),
    });
    return [
      row("event loop delay p99", "ms", (all, of) => all[of].loopDelayMs.p99),
      row("event loop delay, greatest", "ms", (all, of) => all[of].loopDelayMs.max),
      row("processor, part of one core", "%", (all, of) => all[of].cpuMs / all.seconds / 10),
      row("through ciphers on the main thread", "bytes", (all, of) => all[of].ciphered),
    ];
  });

try {
  const { idle, sealing, restoring } = await main();
  const rows = [...rowsOf(`sealing ${values.megabytes} MB`, sealing, idle), ...rowsOf("restoring it", restoring, idle)];
  const results = rows.map((row) => ({ ...row, ratio: row.peerValue > 0 ? row.value / row.peerValue : null }));
  console.table(
    results.map(({ name, unit, value, peerValue }) => ({ name, unit, value: +value.toFixed(2), idle: +peerValue.toFixed(2) })),
  );
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  for (const child of children) child.kill("SIGKILL");
  await aws.close();
  rmSync(directory, { recursive: true, force: true });
}
