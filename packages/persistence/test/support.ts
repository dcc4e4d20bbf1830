import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Ids, Store } from "@ekm/ekm";
import { afterAll } from "vitest";
import { openStore } from "../src/index.js";

export const realClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => sleep(ms),
};

let count = 0;
/** Unique over all processes of a test. */
export const ids: Ids = {
  next: (prefix) => `${prefix}_${String(++count).padStart(16, "0")}${String(process.pid).padStart(10, "0")}`,
};

const made: string[] = [];
const removeAll = (directory: string) => rm(directory, { recursive: true, force: true, maxRetries: 3 });
// What a test that failed half way did not come to remove; after every hook of the test file, for it is registered on import.
afterAll(async () => {
  for (const directory of made.splice(0)) await removeAll(directory);
});

export async function temporaryDirectory(): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "ekm-persistence-"));
  made.push(directory);
  return { directory, remove: () => removeAll(directory) };
}

/** A new database file, and the store on it. */
export async function openTemporary(
  busyTimeoutMs?: number,
): Promise<{ store: Store; sqlitePath: string; cleanup: () => Promise<void> }> {
  const { directory, remove } = await temporaryDirectory();
  const sqlitePath = path.join(directory, "ekm.sqlite");
  const store = await openStore({ sqlitePath, clock: realClock, ids, ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }) });
  return {
    store,
    sqlitePath,
    cleanup: async () => {
      await store.close();
      await remove();
    },
  };
}
