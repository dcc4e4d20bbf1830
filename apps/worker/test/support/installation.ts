import { generateKeyPairSync } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLeaseKeeper, systemLeaseClock } from "@ekm/crypto-core";
import {
  type Account,
  type Caller,
  CURRENT_TERMS,
  createIds,
  createKeyring,
  createUseCases,
  createWorkerUseCases,
  ed25519Signer,
  type Job,
  type JobKind,
  type Ports,
  type Problem,
  systemClock,
} from "@ekm/ekm";
import { createMemoryKeyService, tenantCaller } from "@ekm/ekm/testing";
import { openStore } from "@ekm/persistence";
import { createAllowedRoots, createFileObjectStore, createKeyRecords } from "@ekm/vault";
import { pino } from "pino";
import { HANDLERS } from "../../src/jobs/handlers.js";
import type { JobContext } from "../../src/jobs/job-context.js";

const LEASE_SECONDS = 1;
const SUPPORT: Caller = { subject: "sam@support", roles: ["SUPPORT"] };

/** What an installation keeps: a real database file, real objects, directories of the accounts, and KMS. Processes come and go. */
export interface Installation {
  readonly directory: string;
  readonly database: string;
  readonly objects: string;
  readonly kms: ReturnType<typeof createMemoryKeyService>;
  /** The account's own directory under the roots, made and real. */
  own(account: Pick<Account, "id">, ...parts: string[]): string;
  start(): Promise<Process>;
  /** The database file as it is now, of an installation whose processes are stopped. */
  copyDatabase(to: string): Promise<void>;
  restoreDatabase(from: string): Promise<void>;
  remove(): Promise<void>;
}

export async function install(): Promise<Installation> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "ekm-worker-")));
  const database = path.join(directory, "database", "ekm.sqlite");
  const objects = path.join(directory, "objects");
  await mkdir(path.join(directory, "accounts"));
  const kms = createMemoryKeyService();
  const files = ["", "-wal", "-shm"];
  return {
    directory,
    database,
    objects,
    kms,
    own: ({ id }, ...parts) => path.join(directory, "accounts", id, ...parts),
    start: () => startProcess(directory, database, objects, kms),
    async copyDatabase(to) {
      await cp(path.dirname(database), to, { recursive: true });
    },
    async restoreDatabase(from) {
      for (const suffix of files) await rm(`${database}${suffix}`, { force: true });
      await cp(from, path.dirname(database), { recursive: true });
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Control plane and data plane in one, over the real adapters but for KMS. */
export type Process = Awaited<ReturnType<typeof startProcess>>;

async function startProcess(directory: string, database: string, objectsDirectory: string, kms: Installation["kms"]) {
  const clock = systemClock;
  const ids = createIds(clock);
  const store = await openStore({ sqlitePath: database, clock, ids });
  const objects = createFileObjectStore(objectsDirectory);
  const root = path.join(directory, "accounts", "{account}");
  const roots = createAllowedRoots({ roots: [root], restoreRoot: path.join(root, "restores") });
  const signer = ed25519Signer(generateKeyPairSync("ed25519").privateKey);
  const ports: Ports = {
    store,
    clock,
    ids,
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    keyRecords: createKeyRecords(objects),
    roots,
    settings: { leaseSeconds: LEASE_SECONDS, healthIntervalSeconds: 1, allowedRegions: ["us-east-1"], databaseRetentionDays: 35 },
  };
  const leases = createLeaseKeeper<Problem>({ clock: systemLeaseClock, durationMs: LEASE_SECONDS * 1000 });
  const useCases = createUseCases(ports);
  const context: JobContext = {
    useCases: createWorkerUseCases({ ...ports, signer }),
    vault: { objects, keys: createKeyring(ports, leases), clock },
    roots,
    clock,
    log: pino({ level: "silent" }),
    beatEveryMs: 250,
    shutdown: new AbortController().signal,
  };
  const kinds = Object.keys(HANDLERS) as JobKind[];

  const claim = (): Promise<Job | null> => store.transaction((tx) => tx.jobs.claim("worker", kinds, 60_000));
  const must = async <T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> => {
    const settled = await outcome;
    if (!settled.ok) throw new Error(JSON.stringify(settled.error));
    return settled.value;
  };

  return {
    ports,
    useCases,
    claim,
    run: async (job: Job): Promise<void> => void (await HANDLERS[job.kind]?.(context, job)),
    /** Runs what is queued until nothing is claimable, and what comes back within a moment too. */
    async runAll(): Promise<void> {
      for (let idle = 0; idle < 3; ) {
        const job = await claim();
        if (job !== null) {
          idle = 0;
          await HANDLERS[job.kind]?.(context, job);
        } else {
          idle += 1;
          await clock.sleep(50);
        }
      }
    },
    async createActivated(name: string): Promise<Account> {
      const { id: accountId } = await must(useCases.createAccount(SUPPORT, { name }));
      await mkdir(path.join(directory, "accounts", accountId, "data"), { recursive: true });
      return must(useCases.activateEkm(SUPPORT, { accountId }));
    },
    async enable(account: Account, keyArn: string): Promise<void> {
      const acceptedTermsVersion = CURRENT_TERMS.version;
      await must(useCases.enableEkm(tenantCaller(account), { keyArn, acceptedTermsVersion, confirmIrreversible: true }));
    },
    async source(account: Account, name = "data"): Promise<string> {
      const location = path.join(directory, "accounts", account.id, name);
      return (await must(useCases.registerBackupSource(tenantCaller(account), { name, kind: "DIRECTORY", location }))).id;
    },
    async queueBackup(account: Account, sourceId: string): Promise<string> {
      return (await must(useCases.startBackup(tenantCaller(account), { sourceId }))).id;
    },
    async queueRestore(account: Account, backupId: string, target?: string): Promise<string> {
      return (await must(useCases.startRestore(tenantCaller(account), { backupId, ...(target && { target }) }))).id;
    },
    async close(): Promise<void> {
      leases.close();
      await store.close();
    },
  };
}

/** Writes a file of an account's source, and gives it back after a restore. */
export const content = {
  write: (installation: Installation, account: Account, text: string) =>
    writeFile(installation.own(account, "data", "file.txt"), text),
  restored: (target: string) => readFile(path.join(target, "file.txt"), "utf8"),
};
