import { open } from "node:fs/promises";

/** Flushes a directory's entries: without it a name that was made or renamed may be gone after a loss of power. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
