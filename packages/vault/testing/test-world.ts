import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BackupRequest, RestoreRequest, SealedBackup, VaultOutcome, VaultPorts } from "../src/api.js";
import { runBackup } from "../src/backup/run-backup.js";
import type { JobControl, JobStop } from "../src/ports/job-control.js";
import { runRestore } from "../src/restore/run-restore.js";
import { createMemoryObjectStore } from "./memory-object-store.js";
import { realClock } from "./test-clock.js";
import { createTestKeys, type TestKeys } from "./test-keys.js";

export type Progress = Parameters<JobControl["progress"]>[0];

export interface TestControl extends JobControl {
  readonly updates: Progress[];
  stop(reason: JobStop): void;
}

export function createControl(maxBytesPerSecond?: bigint, onProgress?: (update: Progress) => void): TestControl {
  const abort = new AbortController();
  const updates: Progress[] = [];
  return {
    updates,
    signal: abort.signal,
    progress(update) {
      updates.push(update);
      onProgress?.(update);
    },
    stop: (reason) => abort.abort(reason),
    ...(maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond }),
  };
}

export type Store = ReturnType<typeof createMemoryObjectStore>;

/** A directory of its own with a source, a place for targets, a store in memory and keys. */
export interface TestWorld {
  readonly directory: string;
  readonly source: string;
  readonly targets: string;
  readonly target: string;
  readonly store: Store;
  readonly keys: TestKeys;
  ports: VaultPorts<string>;
  backupRequest(change?: Partial<BackupRequest>): BackupRequest;
  restoreRequest(backup: SealedBackup, change?: Partial<RestoreRequest>): RestoreRequest;
  backup(control?: JobControl, change?: Partial<BackupRequest>): Promise<VaultOutcome<SealedBackup, string>>;
  /** A backup that must succeed. */
  backedUp(): Promise<SealedBackup>;
  restore(backup: SealedBackup, control?: JobControl, change?: Partial<RestoreRequest>): ReturnType<typeof runRestore<string>>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<TestWorld> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "ekm-vault-")));
  const source = path.join(directory, "source");
  const targets = path.join(directory, "targets");
  const target = path.join(targets, "restored");
  await mkdir(source);
  await mkdir(targets);
  const store = createMemoryObjectStore();
  const keys = createTestKeys();
  const world: TestWorld = {
    ...{ directory, source, targets, target, store, keys },
    ports: { objects: store, keys, clock: realClock },
    backupRequest: (change) => ({
      ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "1", location: source, kind: "DIRECTORY" },
      ...change,
    }),
    restoreRequest: (backup, change) => ({
      ...{ accountId: "acc_1", backupId: "bkp_1", restoreId: "rst_1", target, overwrite: false },
      ...{ generation: backup.generation, manifest: backup.manifest },
      ...change,
    }),
    backup: (control = createControl(), change) => runBackup(world.ports, world.backupRequest(change), control),
    async backedUp() {
      const outcome = await world.backup();
      if (outcome.kind !== "done") throw new Error(`the backup did not succeed: ${JSON.stringify(outcome)}`);
      return outcome.value;
    },
    restore: (backup, control = createControl(), change) =>
      runRestore(world.ports, world.restoreRequest(backup, change), control),
    close: () => rm(directory, { recursive: true, force: true }),
  };
  return world;
}

export interface TreeFile {
  readonly content: Uint8Array | string;
  readonly mode?: number;
}

/** Writes files, and directories (`null`), by their relative paths. */
export async function writeTree(
  root: string,
  tree: Readonly<Record<string, TreeFile | Uint8Array | string | null>>,
): Promise<void> {
  for (const [relative, item] of Object.entries(tree)) {
    const at = path.join(root, relative);
    await mkdir(item === null ? at : path.dirname(at), { recursive: true });
    if (item === null) continue;
    const file = typeof item === "string" || item instanceof Uint8Array ? { content: item } : item;
    await writeFile(at, file.content, { mode: file.mode ?? 0o644 });
  }
}

/** Everything below a directory as one comparable value: kind, permission bits, time and digest of the content by path. */
export async function snapshot(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const at = path.join(root, name);
    const { mode, mtimeMs } = await stat(at);
    const attributes = `${(mode & 0o777).toString(8)} ${Math.floor(mtimeMs)}`;
    found[name] = (await stat(at)).isDirectory() ? `directory ${attributes}` : `file ${attributes} ${sha256(await readFile(at))}`;
  }
  return found;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
