import type { Clock } from "@ekm/ekm";
import sqlite3 from "sqlite3";
import { DataSource, type DataSourceOptions } from "typeorm";
import { MIGRATIONS } from "./migrations/index.js";
import { ALL_ROWS } from "./rows/index.js";
import { SnakeCaseColumns } from "./rows/naming.js";
import { whileBusy } from "./while-busy.js";

// TypeORM asks for the verbose driver, which captures a stack for every statement and writes its parameters into it.
const quietDriver = { ...sqlite3, verbose: () => sqlite3 };

const connectionOptions = (sqlitePath: string, busyTimeoutMs: number) =>
  ({
    type: "sqlite",
    driver: quietDriver,
    database: sqlitePath,
    busyTimeout: busyTimeoutMs,
    entities: ALL_ROWS,
    namingStrategy: new SnakeCaseColumns(),
    logging: false,
  }) satisfies DataSourceOptions;

/**
 * The connection that writes. WAL is a property of the file, the rest of the connection. SQLite's own busy time-out is kept
 * out of the way: it backs off to 100 ms between looks, so that a process that writes without a pause starves the others.
 */
export async function openWriteSource(sqlitePath: string, busyTimeoutMs: number, clock: Clock): Promise<DataSource> {
  const source = await open({ ...connectionOptions(sqlitePath, 1), migrations: MIGRATIONS });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"]) {
    await whileBusy(clock, busyTimeoutMs, () => source.query(`PRAGMA ${pragma}`));
  }
  return source;
}

/** The connection that reads: committed data only, beside a writer. */
export const openReadSource = (sqlitePath: string, busyTimeoutMs: number): Promise<DataSource> =>
  open({ ...connectionOptions(sqlitePath, busyTimeoutMs), flags: sqlite3.OPEN_READONLY });

/**
 * One statement at a time. SQLite works so in any case, but the driver would let the others wait inside it, each on one of the
 * process's few pool threads, so that a busy connection kept every other one, and the file system, waiting too.
 */
async function open(options: DataSourceOptions): Promise<DataSource> {
  const source = await new DataSource(options).initialize();
  connectionOf(source).serialize();
  return source;
}

/** The driver's own connection, for statements that TypeORM need not build each time. */
export const connectionOf = ({ driver }: DataSource): sqlite3.Database =>
  (driver as unknown as { databaseConnection: sqlite3.Database }).databaseConnection;
