import { createHash } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { encodeKit, KIT_FILE, type Kit } from "./kit.js";
import { kitReadme } from "./kit-readme.js";

/** What lets somebody read the backups without any program of ours: they are part of every installation. */
const INSTALLATION = path.resolve(import.meta.dirname, "..", "..", "..", "..");
const ENCLOSED = [
  ["docs", "format.md"],
  ["interop", "reader.py"],
  ["interop", "requirements.txt"],
] as const;

/**
 * Writes the kit as a new directory, which appears whole or not at all, and answers the SHA-256 of its kit.json. Throws the file
 * system's errors; a directory that exists already is one of them.
 */
export async function writeKit(directory: string, kit: Kit): Promise<string> {
  const staging = `${directory}.partial-${process.pid}`;
  const json = encodeKit(kit);
  await mkdir(staging, { mode: 0o700 });
  try {
    for (const [folder, file] of ENCLOSED) await copyFile(path.join(INSTALLATION, folder, file), path.join(staging, file));
    const sha256 = createHash("sha256").update(json).digest("hex");
    await write(path.join(staging, "README.md"), kitReadme(kit));
    await write(path.join(staging, KIT_FILE), json);
    await mkdir(directory, { mode: 0o700 }); // refuses one that exists; the rename replaces it while it is empty
    await rename(staging, directory);
    return sha256;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

async function write(file: string, content: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
