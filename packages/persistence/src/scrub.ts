import { type Clock, StoreBusyError } from "@ekm/ekm";
import type { DataSource } from "typeorm";
import { whileBusy } from "./while-busy.js";

/**
 * Moves the whole WAL into the database file, flushes that and truncates the WAL: with secure_delete, deleted bytes are then
 * in neither. Waits for readers, of other processes too; StoreBusyError when one does not finish in time.
 */
export async function scrub(source: DataSource, busyTimeoutMs: number, clock: Clock): Promise<void> {
  await whileBusy(clock, busyTimeoutMs, async () => {
    const [row] = await source.query<{ busy: number }[]>("PRAGMA wal_checkpoint(TRUNCATE)");
    if (row?.busy !== 0) throw new StoreBusyError("a reader still holds the write-ahead log");
  });
}
