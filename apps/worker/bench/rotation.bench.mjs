// Moves an account with a million backups from one KMS key to another: KMS calls, and the time that is not KMS's own.
// npm run bench -- rotation [--json FILE] [--backups N] [--generations N]; peers: one KMS call for each backup's data key, and the
// same rotation of an account with a thousandth of the backups (what the number of backups costs).
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createLeaseKeeper, systemLeaseClock } from "@ekm/crypto-core";
import {
  CURRENT_TERMS,
  createIds,
  createKeyring,
  createUseCases,
  createWorkerUseCases,
  ed25519Signer,
  grantTemplate,
  OWNER_PLACEHOLDER,
  systemClock,
} from "@ekm/ekm";
import { CALL_LIMITS, createKmsAws } from "@ekm/kms-aws";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { openStore } from "@ekm/persistence";
import { createFileObjectStore, createKeyRecords } from "@ekm/vault";
import sqlite3 from "sqlite3";

const REGION = "eu-west-1";
const VENDOR = "111122223333";
const DAY_MS = 24 * 3600 * 1000;
const SUPPORT = { subject: "bench", roles: ["SUPPORT"] };

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    backups: { type: "string", default: "1000000" },
    generations: { type: "string", default: "20" },
  },
});
const backups = Number(values.backups);
const generations = Number(values.generations);

/** Every call counted and timed; the calls of one moment overlap, so KMS's own time is when at least one is under way. */
function metered(keyService) {
  const meter = { calls: 0, busyMs: 0 };
  let underWay = 0;
  let since = 0;
  const wrapped = {};
  for (const name of ["generateDataKey", "encrypt", "decrypt", "reEncrypt", "describeKey"]) {
    wrapped[name] = async (...parameters) => {
      meter.calls += 1;
      if (underWay++ === 0) since = performance.now();
      try {
        return await keyService[name](...parameters);
      } finally {
        if (--underWay === 0) meter.busyMs += performance.now() - since;
      }
    };
  }
  return { meter, keyService: wrapped };
}

const must = (outcome) => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

/** Rows as a worker leaves them, made by SQLite itself: a million inserts through the store would be the benchmark. */
function addBackups(file, template, count) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file);
    database.exec(
      `CREATE TEMP TABLE template AS SELECT * FROM backup WHERE id = '${template}';
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
       INSERT INTO backup SELECT * FROM (SELECT ${COLUMNS.map((column) =>
         column === "id"
           ? "template.id || '-' || n.i"
           : column === "generation"
             ? `1 + n.i % ${generations}`
             : `template."${column}"`,
       ).join(", ")} FROM n, template);`,
      (error) => database.close((closing) => (error || closing ? reject(error ?? closing) : resolve())),
    );
  });
}
let COLUMNS = [];
const columnsOf = (file) =>
  new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file);
    database.all("PRAGMA table_info(backup)", (error, rows) => {
      database.close();
      if (error) reject(error);
      else resolve(rows.map(({ name }) => name));
    });
  });

async function rotate(count) {
  const directory = mkdtempSync(path.join(tmpdir(), "ekm-bench-"));
  const aws = await startMockAws({ seed: 1 });
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const ids = createIds(clock);
  const file = path.join(directory, "ekm.sqlite");
  const store = await openStore({ sqlitePath: file, clock, ids });
  const leases = createLeaseKeeper({ clock: systemLeaseClock, durationMs: 1000 });
  const vendor = await aws.simulator.accounts.create({ id: VENDOR, name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ name: "customer" });
  const owner = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
  const kms = createKmsAws({
    endpoint: aws.url,
    region: REGION,
    credentials: vendor,
    allowedRegions: [REGION],
    vendorAccountId: VENDOR,
    vendorPrincipalArn: vendor.principalArn,
    ...CALL_LIMITS,
    concurrency: 32,
  });
  try {
    const objects = createFileObjectStore(path.join(directory, "objects"));
    const { meter, keyService } = metered(kms.keyService);
    const ports = {
      store,
      clock,
      ids,
      keyService,
      vendorKeys: kms.vendorKeys,
      keyRecords: createKeyRecords(objects),
      roots: { resolveSource: async (_account, location) => ({ ok: true, value: location }) },
      settings: { leaseSeconds: 1, healthIntervalSeconds: 60, allowedRegions: [REGION], databaseRetentionDays: 35 },
    };
    const { privateKey } = generateKeyPairSync("ed25519");
    const work = createWorkerUseCases({ ...ports, signer: ed25519Signer(privateKey) });
    const control = createUseCases(ports);
    const keyring = createKeyring(ports, leases);

    const account = must(await control.createAccount(SUPPORT, { name: "bench" }));
    const admin = { subject: "admin", roles: ["ACCOUNT_ADMIN"], accountId: account.id };
    must(await control.activateEkm(SUPPORT, { accountId: account.id }));
    const createKey = async () => {
      const { keyPolicy } = grantTemplate({
        accountId: account.id,
        vendorAwsAccountId: VENDOR,
        vendorPrincipalArn: vendor.principalArn,
      });
      const Policy = keyPolicy.replaceAll(OWNER_PLACEHOLDER, customer.id);
      return (await owner.kms("CreateKey", { Policy })).body.KeyMetadata.Arn;
    };
    const [from, to] = [await createKey(), await createKey()];
    must(
      await control.enableEkm(admin, {
        keyArn: from,
        acceptedTermsVersion: CURRENT_TERMS.version,
        confirmIrreversible: true,
      }),
    );
    const runJobs = async (kinds) => {
      for (;;) {
        const job = await store.transaction((tx) => tx.jobs.claim("bench", kinds, 60_000));
        if (job === null) return;
        if (job.kind === "SUPERSEDE") await work.supersede(job);
        else await work.rotate(job, new AbortController().signal);
      }
    };
    await runJobs(["SUPERSEDE"]);
    for (let made = 0; made < generations; made++) {
      must(await keyring.forSealing(account.id)).release();
      aheadMs += 91 * DAY_MS;
    }
    const source = must(await control.registerBackupSource(admin, { name: "bench", kind: "DIRECTORY", location: directory }));
    const backup = must(await control.startBackup(admin, { sourceId: source.id }));
    COLUMNS = await columnsOf(file);
    await store.transaction(async (tx) => {
      const job = await tx.jobs.claim("bench", ["BACKUP"], 60_000);
      await tx.jobs.complete(job);
    });
    const database = new sqlite3.Database(file);
    await new Promise((resolve, reject) =>
      database.run(
        "UPDATE backup SET status = 'SUCCEEDED', generation = 1, bytes = 1000000, items = 1 WHERE id = ?",
        [backup.id],
        (error) => (error ? reject(error) : resolve()),
      ),
    );
    await new Promise((resolve) => database.close(resolve));
    await addBackups(file, backup.id, count);

    Object.assign(meter, { calls: 0, busyMs: 0 });
    const began = performance.now();
    const before = process.memoryUsage().rss;
    let rotation = must(await control.rotateEkmKey(admin, { keyArn: to })).rotation;
    const preflight = meter.calls;
    let waitedMs = 0;
    for (;;) {
      await runJobs(["ROTATION"]);
      rotation = await store.read.rotations.byId(rotation.id);
      if (rotation.status !== "RUNNING") break;
      // What was current before the switch is deleted a lease later: nothing to do until then.
      const from = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 50));
      waitedMs += performance.now() - from;
    }
    const totalMs = performance.now() - began;
    if (rotation.status !== "COMPLETED") throw new Error(`the rotation ended ${rotation.status}`);
    const kept = await store.read.backups.count(account.id, {});
    return {
      calls: meter.calls,
      preflight,
      generations: (await store.read.keys.generations(account.id)).length,
      besidesMs: totalMs - waitedMs - meter.busyMs,
      kmsMs: meter.busyMs,
      memoryMb: (process.memoryUsage().rss - before) / 1e6,
      backups: Number(kept),
    };
  } finally {
    leases.close();
    kms.close();
    await store.close();
    await aws.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const small = await rotate(Math.round(backups / 1000));
const large = await rotate(backups);
const rows = [
  { name: "KMS calls", unit: "calls", value: large.calls, peer: "one call per backup", peerValue: large.backups },
  {
    name: "KMS calls, preflight apart",
    unit: "calls",
    value: large.calls - large.preflight,
    peer: `2 x ${large.generations} generations + 5`,
    peerValue: 2 * large.generations + 5,
  },
  {
    name: "time besides KMS's own",
    unit: "ms",
    value: large.besidesMs,
    peer: `${small.backups} backups`,
    peerValue: small.besidesMs,
  },
  { name: "memory that came", unit: "MB", value: large.memoryMb, peer: `${small.backups} backups`, peerValue: small.memoryMb },
].map((row) => ({ ...row, ratio: row.value / row.peerValue }));

console.log(`${large.backups} backups, ${large.generations} generations; KMS's own time ${large.kmsMs.toFixed(0)} ms\n`);
for (const { name, unit, value, peer, peerValue, ratio } of rows) {
  console.log(
    `${name.padEnd(30)} ${value.toFixed(1).padStart(10)} ${unit.padEnd(6)} against ${peerValue.toFixed(1)} (${peer}): ${ratio.toPrecision(3)} x`,
  );
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
