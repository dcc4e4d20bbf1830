import { chmod, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { errnoOf } from "../errno.js";

/** Removes a directory and all in it, also what lies in directories without write permission. Follows no link. */
export async function removeTree(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== "EACCES" && errnoOf(error) !== "EPERM") throw error;
    await openUp(directory);
    await rm(directory, { recursive: true, force: true });
  }
}

async function openUp(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(path.join(directory, entry.name));
  }
}
