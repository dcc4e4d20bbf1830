import { generateKeyPairSync, randomBytes } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { createLeaseKeeper, systemLeaseClock } from "@ekm/crypto-core";
import {
  CURRENT_TERMS,
  createIds,
  createKeyring,
  createUseCases,
  createWorkerUseCases,
  ed25519Signer,
  grantTemplate,
  type Job,
  type Problem,
  systemClock,
} from "@ekm/ekm";
import { CALL_LIMITS, createKmsAws } from "@ekm/kms-aws";
import { type AccountView, createAwsClient, startMockAws } from "@ekm/mock-aws";
import { openStore } from "@ekm/persistence";
import { createAllowedRoots, createFileObjectStore, createKeyRecords, runBackup } from "@ekm/vault";

export const REGION = "eu-west-1";
const OTHER_REGION = "eu-central-1";
const LEASE_MS = 60_000;
const support = { subject: "support@example.com", roles: ["SUPPORT" as const] };

/**
 * The whole product but its API, over a database file, an object store in files and a mock AWS, with one account in Enterprise Key
 * Management; jobs are run when asked.
 */
export async function createProduct(directory: string) {
  const [source, storeDirectory, database] = [
    path.join(directory, "data", "crm"),
    path.join(directory, "objects"),
    path.join(directory, "ekm.sqlite"),
  ];
  await mkdir(source, { recursive: true });
  const aws = await startMockAws({ seed: 1 });
  const vendor = await aws.simulator.accounts.create({ name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ name: "customer" });

  const kms = createKmsAws({
    ...{
      endpoint: aws.url,
      region: REGION,
      allowedRegions: [REGION, OTHER_REGION],
      credentials: vendor,
      ...CALL_LIMITS,
      concurrency: 4,
    },
    ...{ vendorAccountId: vendor.id, vendorPrincipalArn: vendor.principalArn },
  });
  const [clock, ids] = [systemClock, createIds(systemClock)];
  const store = await openStore({ sqlitePath: database, clock, ids });
  const objects = createFileObjectStore(storeDirectory);
  const settings = {
    leaseSeconds: 1,
    healthIntervalSeconds: 60,
    allowedRegions: [REGION, OTHER_REGION],
    databaseRetentionDays: 35,
  };
  const ports = {
    ...{
      store,
      clock,
      ids,
      keyService: kms.keyService,
      vendorKeys: kms.vendorKeys,
      keyRecords: createKeyRecords(objects),
      settings,
    },
    roots: createAllowedRoots({ roots: [path.join(directory, "data")], restoreRoot: path.join(directory, "data") }),
  };
  const leases = createLeaseKeeper<Problem>({ clock: systemLeaseClock, durationMs: settings.leaseSeconds * 1000 });
  const vault = { objects, keys: createKeyring(ports, leases), clock };
  const useCases = createUseCases(ports);
  const work = createWorkerUseCases({ ...ports, signer: ed25519Signer(generateKeyPairSync("ed25519").privateKey) });
  const control = { signal: new AbortController().signal, progress: () => {} };

  async function run(job: Job): Promise<void> {
    if (job.kind === "ROTATION") return void (await work.rotate(job, control.signal));
    if (job.kind === "SUPERSEDE") return void (await work.supersede(job));
    const begun = job.kind === "BACKUP" ? await work.beginBackup(job) : null;
    if (begun === null) return;
    const { accountId, id: backupId } = begun.backup;
    const { location, kind } = begun.source;
    const outcome = await runBackup(vault, { accountId, backupId, attempt: String(job.fence), location, kind }, control);
    if (outcome.kind === "key") await work.finishBackup(job, { status: "FAILED", problem: outcome.failure });
    if (outcome.kind !== "done") throw new Error(`the backup did not succeed: ${JSON.stringify(outcome)}`);
    await work.finishBackup(job, { status: "SUCCEEDED", ...outcome.value });
  }
  async function runJobs(): Promise<void> {
    const kinds = ["BACKUP", "ROTATION", "SUPERSEDE"] as const;
    for (;;) {
      const job = await store.transaction((tx) => tx.jobs.claim("test", kinds, LEASE_MS));
      if (job === null) return;
      await run(job);
    }
  }

  const account = must(await useCases.createAccount(support, { name: "Acme" }));
  const admin = {
    subject: "admin@acme.example",
    roles: ["ACCOUNT_ADMIN" as const, "BACKUP_OPERATOR" as const],
    accountId: account.id,
  };

  return {
    ...{ aws, vendor, customer, source, storeDirectory, database, account, store },
    customerClient: (region = REGION) => createAwsClient({ endpoint: aws.url, region, ...customer }),
    /** A key of the customer's that the vendor may use for this account. */
    async createKey(region = REGION): Promise<string> {
      const request = { accountId: account.id, vendorAwsAccountId: vendor.id, vendorPrincipalArn: vendor.principalArn };
      const policy = grantTemplate(request).keyPolicy.replaceAll("YOUR-AWS-ACCOUNT-ID", customer.id);
      const { status, body } = await this.customerClient(region).kms("CreateKey", { Policy: policy });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body["KeyMetadata"] as { Arn: string }).Arn;
    },
    async enable(keyArn: string): Promise<void> {
      must(await useCases.activateEkm(support, { accountId: account.id }));
      const consent = { acceptedTermsVersion: CURRENT_TERMS.version, confirmIrreversible: true };
      must(await useCases.enableEkm(admin, { keyArn, ...consent }));
      await runJobs();
    },
    async rotate(keyArn: string): Promise<void> {
      must(await useCases.rotateEkmKey(admin, { keyArn }));
      await runJobs();
    },
    async backUp(): Promise<string> {
      const registered = must(
        await useCases.registerBackupSource(admin, {
          name: `crm ${randomBytes(2).toString("hex")}`,
          kind: "DIRECTORY",
          location: source,
        }),
      );
      const { id } = must(await useCases.startBackup(admin, { sourceId: registered.id }));
      await runJobs();
      return id;
    },
    /** Uses the customer's key once, as a health probe does. */
    async probe(): Promise<void> {
      must(await useCases.checkKeyHealth(admin, {}));
    },
    auditLog: async () => (await store.read.audit.page(account.id, { first: 100 }, {})).items,
    /** The vendor goes away, and its database with it; what the customer has is a copy of the objects. */
    async vanish(copy: string): Promise<void> {
      await cp(storeDirectory, copy, { recursive: true, preserveTimestamps: true });
      leases.close();
      kms.close();
      await store.close();
      for (const suffix of ["", "-wal", "-shm"]) await rm(`${database}${suffix}`, { force: true });
      await rm(storeDirectory, { recursive: true });
    },
    async close(): Promise<void> {
      leases.close();
      kms.close();
      await store.close();
      await aws.close();
    },
  };
}

export type Product = Awaited<ReturnType<typeof createProduct>>;

/** What makes the command call AWS as somebody. */
export const awsEnvironment = (aws: { readonly url: string }, who: AccountView) => ({
  EKM_KMS_ENDPOINT: aws.url,
  AWS_ACCESS_KEY_ID: who.accessKeyId,
  AWS_SECRET_ACCESS_KEY: who.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: "true",
  NODE_NO_WARNINGS: "1", // of the AWS SDK, about versions of Node to come
});

function must<T>(outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

/** Files of many kinds, below `root`. */
export async function writeSampleTree(root: string): Promise<void> {
  await mkdir(path.join(root, "empty directory"), { recursive: true });
  await mkdir(path.join(root, "exports", "2026"), { recursive: true });
  await writeFile(path.join(root, "exports", "2026", "contacts.csv"), "id,name\n1,Ada\n");
  await writeFile(path.join(root, "exports", "empty"), "");
  await writeFile(path.join(root, "exports", "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(path.join(root, "large.bin"), randomBytes(3_000_001));
  await writeFile(path.join(root, "Ünï-\u{1f511}"), randomBytes(70_000));
}

/** Everything below a directory by path: permission bits, time, content. */
export async function contentOf(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const at = path.join(root, name);
    const { mode, mtimeMs } = await stat(at);
    const content = (await stat(at)).isDirectory() ? "directory" : (await readFile(at)).toString("base64");
    found[name] = `${(mode & 0o777).toString(8)} ${Math.floor(mtimeMs)} ${content}`;
  }
  return found;
}
