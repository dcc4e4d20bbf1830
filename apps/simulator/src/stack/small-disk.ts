import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** This machine does not let us mount a file system. */
export class NoSmallDisk extends Error {
  override readonly name = "NoSmallDisk";
}

/** Mounts an empty file system (tmpfs) of that size at a directory; answers how to take it off. Takes root, on Linux. */
export async function mountSmallDisk(directory: string, bytes: number): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", directory]);
  } catch {
    throw new NoSmallDisk("needs a file system of its own of a limited size, and only root may mount one (Linux)");
  }
  return async () => {
    // Lazily: whatever still has a file open there is being ended.
    await run("umount", ["-l", directory]);
  };
}
