// The console's settings query, authenticated, from SQLite, against bare Apollo with `{ hello }`: requests a second, times, and the CPU time of
// the whole process (which other work on the machine sways less), in interleaved rounds of one run.
// npm run bench -- gateway [--json FILE] [--seconds N] [--rounds N] [--profile DIRECTORY]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { load } from "./load.mjs";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    profile: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const SETTINGS = `query Settings {
  viewer { subject roles }
  account {
    id name keyManagement keyLock { lockedAt lockedBy reason }
    ekm {
      status vendorAwsAccountId revocationWindowSeconds
      key { arn health { state since problem { code message remedy possibleCauses } } }
      activeRotation { id status rewrapped total }
      impact { backups bytes generations }
    }
  }
}`;
const REGION = "eu-west-1";

const directory = mkdtempSync(path.join(tmpdir(), "ekm-bench-"));
const aws = await startMockAws({ seed: 1 });
const children = [];

async function start(file, env = {}, flags = []) {
  const child = spawn(process.execPath, [...flags, "--import", path.resolve(import.meta.dirname, "report-usage.mjs"), file], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, url: JSON.parse(line).url };
  throw new Error(`${file} did not start`);
}

async function cpuMs(child) {
  child.send("cpuMs");
  const [{ cpuMs: spent }] = await once(child, "message");
  return spent;
}

/** One stretch of load, with what each request cost the server. */
async function measured({ child, url }, request) {
  const before = await cpuMs(child);
  const run = await load({ url, ...request });
  return { ...run, cpuMs: ((await cpuMs(child)) - before) / run.requests };
}

async function main() {
  const vendor = await aws.simulator.accounts.create({ id: "111122223333", name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ name: "customer" });
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwks = path.join(directory, "jwks.json");
  writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "EdDSA", use: "sig" }] }));
  const token = (roles, account) =>
    new SignJWT({ "ekm:roles": roles, ...(account === undefined ? {} : { "ekm:account": account }) })
      .setProtectedHeader({ alg: "EdDSA", kid: "k" })
      .setSubject("bench")
      .setIssuer("https://issuer.test")
      .setAudience("ekm")
      .setExpirationTime("1h")
      .sign(privateKey);

  const data = path.join(directory, "data");
  mkdirSync(data);
  const profiling = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  const environment = {
    EKM_DATABASE: path.join(directory, "ekm.sqlite"),
    EKM_STORE_DIR: path.join(directory, "objects"),
    EKM_ALLOWED_ROOTS: data,
    EKM_RESTORE_ROOT: data,
    EKM_SHARED_ROOTS: "true",
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
    // One tenant asks more here than any may.
    EKM_QUERIES_PER_MINUTE: "100000000",
  };
  const gateway = await start(path.resolve(import.meta.dirname, "../dist/main.js"), environment, profiling);
  const bare = await start(path.resolve(import.meta.dirname, "bare-apollo.mjs"));

  const ask = async (bearer, query) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
    const response = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { data: answer, errors } = await response.json();
    const refusals = Object.values(answer ?? {}).flatMap((payload) => payload?.userErrors ?? []);
    if (errors || refusals.length > 0) throw new Error(JSON.stringify(errors ?? refusals));
    return answer;
  };
  const support = await token(["SUPPORT"]);
  const created = await ask(
    support,
    'mutation { createAccount(input: { name: "bench" }) { account { id } userErrors { code } } }',
  );
  const { id } = created.createAccount.account;
  await ask(support, `mutation { activateEkm(input: { accountId: "${id}" }) { userErrors { code } } }`);
  const admin = await token(["ACCOUNT_ADMIN"], id);
  const owner = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
  const arn = (await owner.kms("CreateKey", {})).body.KeyMetadata.Arn;
  const { account } = await ask(admin, `{ account { ekm { terms { version } grantTemplate(keyArn: "${arn}") { keyPolicy } } } }`);
  await owner.kms("PutKeyPolicy", { KeyId: arn, PolicyName: "default", Policy: account.ekm.grantTemplate.keyPolicy });
  await ask(
    admin,
    `mutation { enableEkm(input: { keyArn: "${arn}", acceptedTermsVersion: "${account.ekm.terms.version}", confirmIrreversible: true }) { userErrors { code } } }`,
  );

  const runs = { settings: [], bare: [] };
  const settings = { query: SETTINGS, token: admin };
  const hello = { query: "{ hello }" };
  await load({ url: gateway.url, ...settings, seconds: 1 });
  await load({ url: bare.url, ...hello, seconds: 1 });
  for (let round = 0; round < Number(values.rounds); round++) {
    process.stderr.write(`round ${round + 1} ...\n`);
    runs.settings.push(await measured(gateway, { ...settings, seconds }));
    runs.bare.push(await measured(bare, { ...hello, seconds }));
  }
  const middle = (list, of) => list.map(of).sort((a, b) => a - b)[list.length >> 1];
  const rows = [
    {
      name: "settings query, authenticated",
      unit: "requests/s",
      value: middle(runs.settings, (run) => run.perSecond),
      peer: "bare Apollo { hello }",
      peerValue: middle(runs.bare, (run) => run.perSecond),
    },
    {
      name: "settings query, CPU of the process",
      unit: "ms/request",
      value: middle(runs.settings, (run) => run.cpuMs),
      peer: "bare Apollo { hello }",
      peerValue: middle(runs.bare, (run) => run.cpuMs),
    },
    {
      name: "settings query, 99th percentile",
      unit: "ms",
      value: middle(runs.settings, (run) => run.p99),
      peer: "its own median",
      peerValue: middle(runs.settings, (run) => run.median),
    },
  ].map((row) => ({ ...row, ratio: row.value / row.peerValue }));
  for (const { name, unit, value, peer, peerValue, ratio } of rows) {
    console.log(
      `${name.padEnd(34)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(11)} against ${peerValue.toFixed(2)} (${peer}): ${ratio.toFixed(2)} x`,
    );
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

try {
  await main();
} finally {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await aws.close();
  rmSync(directory, { recursive: true, force: true });
}
