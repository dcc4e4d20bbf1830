import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { accepted } from "../product/accepted.js";
import { registerBackupSource } from "../product/jobs.js";
import { HarnessFailure } from "../runner/outcome.js";
import type { Subject } from "./subject.js";

/** What is backed up and restored in a drill: never a customer's own data. */
export interface Canary {
  readonly sourceId: string;
  readonly description: string;
  /** So slow that a restore is still running when the revocation window has passed twice. Undefined until its size is known. */
  bytesPerSecond(backupBytes: number): number;
  /** Where the drill can look: absent where the service's directories are not this machine's. */
  readonly local?: { readonly directory: string; readonly target: string };
  cleanUp(): Promise<void>;
}

const FILE_BYTES = 16 * 1024;
/** Each file that appears is a reading of the clock: ten a second. */
const BYTES_PER_SECOND = 10 * FILE_BYTES;
const SHORTEST_SECONDS = 20;

/** Long enough for the act in its first third and the whole window after it. */
const secondsFor = (windowMs: number): number => Math.max(SHORTEST_SECONDS, (3 * windowMs) / 1000);

/** Canary files under `dataRoot`, in which `{account}` stands for the account's id, and a source of the product that names them. */
export async function makeCanary(subject: Subject, dataRoot: string, id: string): Promise<Canary> {
  const root = resolve(dataRoot.replaceAll("{account}", subject.accountId), "ekm-sim", id);
  const directory = join(root, "canary");
  const files = Math.ceil((secondsFor(subject.windowMs) * BYTES_PER_SECOND) / FILE_BYTES);
  await mkdir(directory, { recursive: true });
  for (let n = 0; n < files; n++) await writeFile(join(directory, `canary-${String(n).padStart(5, "0")}.txt`), canaryFile(id, n));
  const input = {
    accountId: subject.accountId,
    name: `Revocation drill ${id}`,
    kind: "DIRECTORY",
    location: directory,
  } as const;
  const { source } = accepted("registerBackupSource", await registerBackupSource(subject.admin, input), "registering the canary");
  if (!source) throw new HarnessFailure("The product answered no source for the canary.");
  return {
    sourceId: source.id,
    description: `${files} files of ${FILE_BYTES / 1024} KiB, made for this drill`,
    bytesPerSecond: () => BYTES_PER_SECOND,
    local: { directory, target: join(root, "restored") },
    cleanUp: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** A source that the account's admin has registered as the canary, where the drill has GraphQL only. */
export function registeredCanary(subject: Subject, sourceId: string): Canary {
  return {
    sourceId,
    description: `the registered source ${sourceId}`,
    bytesPerSecond: (backupBytes) => Math.max(1, Math.ceil(backupBytes / secondsFor(subject.windowMs))),
    cleanUp: async () => {},
  };
}

/** Text that compresses badly and differs between files and drills. */
function canaryFile(id: string, n: number): string {
  const head = `EKM revocation drill ${id}, canary file ${n}. Not customer data.\n`;
  const lines = Array.from({ length: FILE_BYTES / 64 }, (_, line) =>
    createHash("sha256").update(`${id}/${n}/${line}`).digest("hex"),
  ).join("\n");
  return `${head}${lines}`.slice(0, FILE_BYTES);
}
