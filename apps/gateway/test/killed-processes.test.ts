// Invariant: gateways and workers may be killed or stopped at any moment of enabling and rotating. Afterwards every generation has
// one current wrap, with its record, under the key that the account shows; every backup is restored byte for byte; nothing that
// the vendor's key opens is left in any file; and nobody has to repair anything. `npm run test:long` kills many more.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createIds, ensureOpenGeneration, type Role, systemClock } from "@ekm/ekm";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeKeys } from "../src/composition/keys.js";
import { composeStorage } from "../src/composition/storage.js";
import { parseEnvironment } from "../src/environment.js";
import { clientOf } from "./support/client.js";
import { type ProductProcess, startProcess, variablesOfProcesses } from "./support/processes.js";
import { createSurroundings } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const KILLS = Number(process.env["EKM_KILLS"] ?? 6);
/** Kills in the life of one account: gateway while enabling, gateway again, worker while superseding, three while rotating. */
const KILLS_PER_LIFE = 6;
const GENERATIONS = 4;
/** A job's lease must end before another worker takes a killed one's job. */
const PATIENCE = { timeout: 60_000, interval: 100 };

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
let variables: Record<string, string>;
let inside: Awaited<ReturnType<typeof lookInside>>;
let gateway: ProductProcess;
let worker: ProductProcess;

beforeAll(async () => {
  surroundings = await createSurroundings();
  variables = {
    ...(await variablesOfProcesses(surroundings)),
    EKM_KEY_LEASE_SECONDS: "1",
    EKM_HEALTH_INTERVAL_SECONDS: "1",
  };
  inside = await lookInside();
  gateway = await startProcess("gateway", variables);
  worker = await startProcess("worker", variables);
}, 60_000);
afterAll(async () => {
  const codes = await Promise.all([gateway.stop(), worker.stop()]);
  await inside.close();
  await surroundings.aws.close();
  expect(codes).toEqual([0, 0]);
}, 30_000);

/** The database and the records beside the backups, as the processes see them. */
async function lookInside() {
  const environment = parseEnvironment(variables);
  if (!environment.ok) throw new Error(environment.problems.join("\n"));
  const ids = createIds(systemClock);
  const storage = await composeStorage(environment.value, systemClock, ids);
  const kms = composeKeys(environment.value, pino({ level: "silent" }));
  const { keyService, vendorKeys } = kms;
  const ports = { ...storage, clock: systemClock, ids, keyService, vendorKeys, settings: environment.value.settings };
  return {
    ...storage,
    async nextGeneration(account: string): Promise<void> {
      await storage.store.transaction(async (tx) => {
        for (const { generation, closedAt } of await tx.keys.generations(account)) {
          if (closedAt === undefined) await tx.keys.closeGeneration(account, generation, new Date());
        }
      });
      expect(await ensureOpenGeneration(ports, account)).toMatchObject({ ok: true });
    },
    async close(): Promise<void> {
      kms.close();
      await storage.store.close();
    },
  };
}

const as = async (role: Role, account: string | undefined, query: string, more: object = {}) => {
  const { token } = surroundings.issuer;
  const wish = { subject: "ada", roles: [role], ...(account === undefined ? {} : { account }) };
  return clientOf(gateway.url).ask(query, { token: await token(wish), variables: more });
};
const admin = (account: string, query: string, more: object = {}) => as("ACCOUNT_ADMIN", account, query, more);
const tenants = () => tenantsOf({ ...surroundings, as });
const folder = (account: string) => path.join(path.dirname(surroundings.variables.EKM_DATABASE), "accounts", account);

const statusOf = async (account: string): Promise<string> =>
  (await admin(account, "{ account { ekm { status } } }")).data.account.ekm.status;
const jobStatus = async (account: string, id: string): Promise<string> => {
  const query =
    "query ($id: ID!) { node(id: $id) { ... on Backup { status } ... on Restore { status } ... on KeyRotation { rotation: status } } }";
  const { node } = (await admin(account, query, { id })).data;
  return node.status ?? node.rotation;
};

interface SavedBackup {
  readonly id: string;
  readonly bytes: Buffer;
}

async function backUp(account: string, source: string): Promise<SavedBackup> {
  const bytes = randomBytes(20_000);
  await writeFile(path.join(folder(account), "data", "file"), bytes);
  const id = await tenants().backup(account, source);
  await expect.poll(() => jobStatus(account, id), PATIENCE).toBe("SUCCEEDED");
  return { id, bytes };
}

async function expectRestored(account: string, { id, bytes }: SavedBackup): Promise<void> {
  const { data } = await admin(
    account,
    "mutation ($id: ID!) { startRestore(input: { backupId: $id }) { restore { id target } userErrors { code } } }",
    { id },
  );
  const { restore } = data.startRestore;
  await expect.poll(() => jobStatus(account, restore.id), PATIENCE).toBe("SUCCEEDED");
  expect((await readFile(path.join(restore.target, "file"))).equals(bytes)).toBe(true);
}

/** One current wrap for each generation, under this key, with its record; a record of no other key. */
async function expectUnder(account: string, keyArn: string): Promise<void> {
  const { store, keyRecords } = inside;
  const generations = await store.read.keys.generations(account);
  const wraps = await store.read.keys.wraps(account);
  expect(wraps.map((wrap) => [wrap.generation, wrap.keyArn, wrap.state])).toEqual(
    generations.map(({ generation }) => [generation, keyArn, "CURRENT"]),
  );
  const records = await keyRecords.list(account);
  expect(new Set(records.map((record) => record.keyArn))).toEqual(new Set([keyArn]));
  for (const { generation, ciphertext } of wraps) {
    expect(records).toContainEqual(expect.objectContaining({ generation, keyArn, ciphertext }));
  }
}

async function filesWith(pieces: readonly Buffer[]): Promise<string[]> {
  const directory = path.dirname(surroundings.variables.EKM_DATABASE);
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (pieces.some((piece) => bytes.includes(piece))) found.push(entry.name);
  }
  return found;
}

const upTo = (ms: number) => sleep(Math.random() * ms);

async function killGateway(): Promise<void> {
  await gateway.kill();
  gateway = await startProcess("gateway", variables);
}
async function killWorker(): Promise<void> {
  await worker.kill();
  worker = await startProcess("worker", variables);
}

/** A process that stands still within a transaction keeps SQLite's one write lock until it goes on or dies: nobody can help then. */
async function freezeOutsideTransaction(process: ProductProcess): Promise<void> {
  for (;;) {
    process.freeze();
    const isFree = await inside.store.transaction(async () => true).catch(() => false);
    if (isFree) return;
    process.thaw();
    await sleep(20);
  }
}

async function liveThrough(name: string): Promise<void> {
  const account = await tenants().activated(name);
  await mkdir(path.join(folder(account), "data"), { recursive: true });
  const source = await tenants().source(account, path.join(folder(account), "data"));
  const backups = [await backUp(account, source)];
  for (let n = 1; n < GENERATIONS; n += 1) await inside.nextGeneration(account);
  backups.push(await backUp(account, source));
  const vendorWraps = (await inside.store.read.keys.wraps(account)).map(({ ciphertext }) => Buffer.from(ciphertext));
  const marks = vendorWraps.flatMap((wrap) => [wrap.subarray(-32), Buffer.from(wrap.subarray(0, 60).toString("base64"))]);
  expect(await filesWith(marks)).not.toEqual([]);

  const first = await tenants().grantedKey(account);
  const { terms } = (await admin(account, "{ account { ekm { terms { version } } } }")).data.account.ekm;
  const enable = () =>
    admin(
      account,
      "mutation ($key: String!, $terms: String!) { enableEkm(input: { keyArn: $key, acceptedTermsVersion: $terms, confirmIrreversible: true }) { userErrors { code } } }",
      { key: first, terms: terms.version },
    );
  for (let kill = 0; kill < 2; kill += 1) {
    const cut = enable().catch(() => null);
    await upTo(400);
    await killGateway();
    await cut;
  }
  if ((await statusOf(account)) === "ACTIVATED") expect((await enable()).data.enableEkm.userErrors).toEqual([]);
  await upTo(300);
  await killWorker();
  const deletion = async () => (await inside.store.read.accounts.byId(account))?.vendorKey?.deletionDate;
  await expect.poll(deletion, PATIENCE).toBeInstanceOf(Date);
  await expectUnder(account, first);
  expect(await filesWith(marks)).toEqual([]);
  backups.push(await backUp(account, source));

  const second = await tenants().grantedKey(account);
  const begun = await admin(
    account,
    "mutation ($key: String!) { rotateEkmKey(input: { keyArn: $key }) { rotation { id } userErrors { code } } }",
    { key: second },
  );
  expect(begun.data.rotateEkmKey.userErrors).toEqual([]);
  await upTo(300);
  await killWorker();
  await upTo(17_000);
  await killWorker();
  // One that only stands still: another takes its work over, and it goes on when all is done.
  const stopped = worker;
  worker = await startProcess("worker", variables);
  await upTo(17_000);
  await freezeOutsideTransaction(stopped);
  await expect.poll(() => jobStatus(account, begun.data.rotateEkmKey.rotation.id), PATIENCE).toBe("COMPLETED");
  stopped.thaw();
  expect(await stopped.stop()).toBe(0);
  await expectUnder(account, second);
  backups.push(await backUp(account, source));
  for (const backup of backups) await expectRestored(account, backup);
}

it(`${KILLS} kills`, { timeout: 60_000 + KILLS * 40_000 }, async () => {
  for (let life = 0; life * KILLS_PER_LIFE < KILLS; life += 1) await liveThrough(`Life ${life}`);
});
