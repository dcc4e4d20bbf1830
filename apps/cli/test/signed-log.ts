import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type AuditEntry, type CheckpointArchive, createIds, ed25519Signer, systemClock, takeCheckpoints } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";

const ids = createIds(systemClock);

/** An archive of files. */
export const fileArchive = (directory: string): CheckpointArchive => ({
  async add(name, document) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeFile(file, document, { flag: "wx" });
      return "added";
    } catch {
      return (await readFile(file, "utf8")) === document ? "present" : "other";
    }
  },
});

export const newKey = (): KeyObject => generateKeyPairSync("ed25519").privateKey;

export async function writeKeys(file: string, ...keys: readonly KeyObject[]): Promise<void> {
  const published = keys.map((key) => createPublicKey(key).export({ format: "jwk" }));
  await writeFile(file, JSON.stringify({ keys: published }));
}

const FIRST_ROUND = new Date("2026-01-02T00:00:00.000Z");
const HOUR_MS = 3_600_000;

const entryOf = (n: number): AuditEntry => ({
  actor: "ada",
  action: "BACKUP",
  outcome: "DONE",
  ...(n % 2 === 0 ? { subject: `bkp_${n} “ü”` } : {}),
  detail: `Backup ${n} was requested.\u0007`,
  awsRequestIds: n % 3 === 0 ? [`r${n}`, "r\u2028"] : [],
});

/**
 * A log of the product's own making. Each step appends so many entries to each account, then makes a round of checkpoints, which
 * are exported below `directory`.
 */
export async function writeSignedLog(
  { database, directory, key }: { readonly database: string; readonly directory: string; readonly key: KeyObject },
  accounts: readonly string[],
  steps: readonly (readonly number[])[],
): Promise<void> {
  const store = await openStore({ sqlitePath: database, clock: systemClock, ids });
  let at = ((await store.read.checkpoints.lastRound())?.at ?? FIRST_ROUND).getTime();
  const clock = { ...systemClock, now: () => new Date(at) };
  const take = takeCheckpoints(
    { store, clock, signer: ed25519Signer(key), archive: fileArchive(directory) },
    { everyMs: HOUR_MS, entries: 1_000_000 },
  );
  for (const step of steps) {
    for (const [n, count] of step.entries()) await append(store, accounts[n] ?? "", count);
    at += HOUR_MS;
    await take();
  }
  await store.close();
}

/** Entries that no checkpoint has yet. */
export async function appendEntries(database: string, account: string, count: number): Promise<void> {
  const store = await openStore({ sqlitePath: database, clock: systemClock, ids });
  await append(store, account, count);
  await store.close();
}

async function append(store: Awaited<ReturnType<typeof openStore>>, id: string, count: number): Promise<void> {
  if ((await store.read.accounts.byId(id)) === null) {
    const account = {
      id,
      name: "Acme",
      createdAt: new Date(),
      ekm: { status: "NOT_ACTIVATED" },
      keyEpoch: 1,
      version: 1,
    } as const;
    await store.transaction((tx) => tx.accounts.insert(account));
  }
  const from = Number(await store.read.audit.count(id, {}));
  await store.transaction(async (tx) => {
    for (let n = 1; n <= count; n += 1) await tx.audit.append(id, new Date(Date.UTC(2026, 0, 1) + from + n), entryOf(from + n));
  });
}
