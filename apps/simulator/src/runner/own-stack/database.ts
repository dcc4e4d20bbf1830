import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import sqlite3 from "sqlite3";
import type { Stack } from "../../stack/stack.js";
import { restartProcess } from "./restart.js";

const BUSY_MS = 10_000;
const FILE = "ekm.sqlite";

/** Holds the one lock for writing, as another process that never commits would. Readers go on. Answers how to let go. */
export async function lockWrites({ layout }: Stack): Promise<() => Promise<void>> {
  const database = await open(join(layout.database, FILE));
  await execute(database, "BEGIN IMMEDIATE");
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    await execute(database, "ROLLBACK");
    await close(database);
  };
}

/** A whole and consistent copy, made while the product runs, as an operator's nightly backup of the service would. */
export async function snapshotDatabase({ layout }: Stack, copy: string): Promise<void> {
  const database = await open(join(layout.database, FILE));
  try {
    await execute(database, "VACUUM INTO ?", [copy]);
  } finally {
    await close(database);
  }
}

/** The service stops, finds its database as it was at the snapshot, and starts. The object store stays as it is. */
export async function restoreDatabase(stack: Stack, copy: string): Promise<void> {
  const file = join(stack.layout.database, FILE);
  await Promise.all([stack.worker.terminate(), stack.gateway.terminate()]);
  for (const ending of ["", "-wal", "-shm"]) await rm(`${file}${ending}`, { force: true });
  await copyFile(copy, file);
  await restartProcess(stack, "gateway");
  await restartProcess(stack, "worker");
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (error) => (error ? reject(error) : resolve(database)));
    database.configure("busyTimeout", BUSY_MS);
  });
}
const execute = (database: sqlite3.Database, sql: string, values: readonly string[] = []): Promise<void> =>
  new Promise((resolve, reject) => database.run(sql, [...values], (error) => (error ? reject(error) : resolve())));
const close = (database: sqlite3.Database): Promise<void> =>
  new Promise((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
