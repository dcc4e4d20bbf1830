import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];
// Registered on import, so before any hook of the test file, and run after all of them.
afterAll(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true, force: true, maxRetries: 3 });
});

/** A directory of this test file's own, which is removed at its end. */
export async function temporaryDirectory(purpose: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), `ekm-${purpose}-`));
  made.push(directory);
  return directory;
}
