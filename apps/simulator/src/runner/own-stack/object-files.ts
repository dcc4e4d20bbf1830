import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TrackedJob } from "../jobs.js";
import { HarnessFailure } from "../outcome.js";
import type { AccountHandle, World } from "../world.js";

export type ObjectPart = "data" | "manifest";

/** The file of a backup's manifest, or of the largest of its data objects: `<account>/<backup>/<attempt>/<manifest or number>`. */
export async function objectOfBackup(world: World, backup: TrackedJob, part: ObjectPart): Promise<string> {
  const directory = join(world.ownStack().layout.objects, backup.account.id, backup.id);
  const files = await filesBelow(directory);
  const found = part === "manifest" ? files.filter(isManifest) : files.filter((file) => !isManifest(file));
  return largest(found, `the backup ${backup.id} has no ${part} object in the store`);
}

/** The file of the key record of the account's youngest generation. */
export async function keyRecordOf(world: World, account: AccountHandle): Promise<string> {
  const directory = join(world.ownStack().layout.objects, account.id, "keys");
  const records = (await filesBelow(directory)).sort((a, b) => generationOf(a) - generationOf(b));
  const youngest = records.at(-1);
  if (youngest === undefined) throw new HarnessFailure(`${account.name} has no key record in the store.`);
  return youngest;
}

const isManifest = (file: string): boolean => file.endsWith("/manifest");
const generationOf = (file: string): number => Number(/(\d+)-[^/]*$/.exec(file)?.[1] ?? 0);

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function largest(files: readonly string[], missing: string): Promise<string> {
  const sized = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  const [first] = sized.sort((a, b) => b.size - a.size);
  if (!first) throw new HarnessFailure(`The situation never arose: ${missing}.`);
  return first.file;
}
