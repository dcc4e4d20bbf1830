import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { Clock, Ids, Store } from "@ekm/ekm";
import type { DataSource } from "typeorm";
import { connectionOf, openReadSource, openWriteSource } from "./data-source.js";
import { toStoreError } from "./errors.js";
import { guarded, readGuard } from "./guard.js";
import { createImmediate } from "./immediate.js";
import { migrate } from "./migrate.js";
import { createReadRepositories } from "./reading/read-repositories.js";
import { createReader, type Reader } from "./reading/reader.js";
import { scrub } from "./scrub.js";
import { createWriter } from "./transaction.js";

export interface StoreOptions {
  /** A file, made with its directory if absent. Every process that opens it must be on this machine. */
  readonly sqlitePath: string;
  /** How long to wait for another process's lock before StoreBusyError. 5000 by default. */
  readonly busyTimeoutMs?: number;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Opens the database and brings its schema up to date. Throws StoreBusyError or StoreError. */
export async function openStore({ sqlitePath, busyTimeoutMs = 5000, clock, ids }: StoreOptions): Promise<Store> {
  await createPrivateFile(sqlitePath);
  const opened: DataSource[] = [];
  let reader: Reader | undefined;
  const closeAll = async () => {
    await reader?.close();
    for (const source of opened.splice(0).reverse()) await source.destroy();
  };
  try {
    const writeSource = await openWriteSource(sqlitePath, busyTimeoutMs, clock);
    opened.push(writeSource);
    const immediate = createImmediate(busyTimeoutMs, clock);
    await migrate(writeSource, immediate);
    const readSource = await openReadSource(sqlitePath, busyTimeoutMs);
    opened.push(readSource);
    reader = createReader(connectionOf(readSource));

    const writer = createWriter(writeSource, immediate, ids);
    return {
      read: guarded(createReadRepositories(readSource, reader, ids), readGuard),
      transaction: writer.transaction,
      scrub: () => writer.exclusive(() => scrub(writeSource, busyTimeoutMs, clock)),
      close: () => writer.exclusive(closeAll),
    };
  } catch (error) {
    await closeAll();
    throw toStoreError(error);
  }
}

/** SQLite gives its log the rights of the database file: for the owner alone. */
async function createPrivateFile(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await (await open(file, "a", 0o600)).close();
}
