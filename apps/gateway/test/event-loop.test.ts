// Invariant: the gateway's event loop never waits for a cipher, for it has none: what seals and opens backups is not even loaded there.
// And the worker's own loop, which beats for its jobs and looks for locks, has its ciphers on threads.
import { randomBytes } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clientOf } from "./support/client.js";
import { launchProcess, type ProductProcess, variablesOfProcesses } from "./support/processes.js";
import { createSurroundings } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const MB = 1_000_000;
const LARGE_FILE = 300 * MB;
const SMALL_FILES = 200;
/** Each look at a job costs the gateway something too. */
const LOOK = { timeout: 300_000, interval: 500 };
const PRELOAD = new URL("./preloads/watch-process.mjs", import.meta.url);

interface Watched {
  /** Bytes that went through ciphers on the main thread. */
  readonly ciphered: number;
  readonly threads: number;
  readonly modules: readonly string[];
  readonly cpuMs: number;
  readonly loopActiveMs: number;
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
let gateway: ProductProcess;
let worker: ProductProcess;
let seen: { readonly gateway: Watched; readonly worker: Watched };

beforeAll(async () => {
  surroundings = await createSurroundings();
  const variables = { ...(await variablesOfProcesses(surroundings)), EKM_KEY_LEASE_SECONDS: "60" };
  gateway = await launchProcess("gateway", variables, { preload: PRELOAD }).ready;
  worker = await launchProcess("worker", variables, { preload: PRELOAD }).ready;
  const { account } = await tenantsOf({ ...surroundings, as }).enabled("Acme");
  const source = await makeTree(account);
  await Promise.all([gateway.ask("reset"), worker.ask("reset")]);
  await backUpAndRestore(account, source);
  seen = { gateway: await gateway.ask<Watched>("report"), worker: await worker.ask<Watched>("report") };
  for (const [name, { cpuMs, loopActiveMs, loopDelayMs }] of Object.entries(seen)) {
    console.log(name, { cpuMs, loopActiveMs, loopDelayMs });
  }
}, 600_000);
afterAll(async () => {
  const codes = await Promise.all([gateway.stop(), worker.stop()]);
  await surroundings.aws.close();
  expect(codes).toEqual([0, 0]);
}, 60_000);

const as = async (role: Role, account: string | undefined, query: string, variables: object = {}) => {
  const token = await surroundings.issuer.token({ roles: [role], ...(account === undefined ? {} : { account }) });
  return clientOf(gateway.url).ask(query, { token, variables });
};

/** One file so large that it fills objects of its own, and many small ones. */
async function makeTree(account: string): Promise<string> {
  const folder = path.join(path.dirname(surroundings.variables.EKM_DATABASE), "accounts", account, "data");
  await mkdir(folder, { recursive: true });
  const large = await open(path.join(folder, "large"), "w");
  await large.truncate(LARGE_FILE);
  await large.close();
  const content = randomBytes(20_000);
  for (let n = 0; n < SMALL_FILES; n += 1) await writeFile(path.join(folder, `small-${n}`), content);
  return tenantsOf({ ...surroundings, as }).source(account, folder);
}

async function backUpAndRestore(account: string, source: string): Promise<void> {
  const admin = (query: string, variables: object) => as("ACCOUNT_ADMIN", account, query, variables);
  const status = async (id: string) => {
    const query = "query ($id: ID!) { node(id: $id) { ... on Backup { status } ... on Restore { status } } }";
    return (await admin(query, { id })).data.node.status;
  };
  const backup = "mutation ($id: ID!) { startBackup(input: { sourceId: $id }) { backup { id } userErrors { code } } }";
  const { id } = (await admin(backup, { id: source })).data.startBackup.backup;
  await vi.waitFor(async () => expect(await status(id)).toBe("SUCCEEDED"), LOOK);
  const restore = "mutation ($id: ID!) { startRestore(input: { backupId: $id }) { restore { id } userErrors { code } } }";
  const restoreId = (await admin(restore, { id })).data.startRestore.restore.id;
  await vi.waitFor(async () => expect(await status(restoreId)).toBe("SUCCEEDED"), LOOK);
}

const BOTH_WAYS = 2 * LARGE_FILE;

describe("the gateway, while a worker seals and restores on the same database", () => {
  it("loads nothing that seals, opens or checks a backup", () => {
    const vault = seen.gateway.modules.filter((url) => url.includes("/packages/vault/dist/"));
    // The preload sees what is loaded.
    expect(vault.some((url) => url.endsWith("/key-records/key-records.js"))).toBe(true);
    expect(vault.filter((url) => /\/vault\/dist\/(backup|restore|verify|manifest|index)/.test(url))).toEqual([]);
  });

  it("puts no byte through a cipher, and starts no thread", () => {
    expect(seen.gateway).toMatchObject({ ciphered: 0, threads: 0 });
  });

  it("spends a small part of the time on the processor that the worker spends", () => {
    expect(seen.worker.cpuMs).toBeGreaterThan(200);
    expect(seen.gateway.cpuMs).toBeLessThan(seen.worker.cpuMs / 2);
  });
});

describe("the worker", () => {
  it("puts what it seals and opens through ciphers on threads: its own loop sees headers and wraps", () => {
    expect(seen.worker.threads).toBeGreaterThan(0);
    expect(seen.worker.ciphered).toBeLessThan(BOTH_WAYS / 100);
  });
});
