import { open } from "node:fs/promises";

/**
 * Flushes a file, or the entries of a directory: without it a name that was made or renamed may be gone after a loss of power.
 */
export async function syncPath(at: string): Promise<void> {
  const handle = await open(at, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
