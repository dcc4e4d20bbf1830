import type { Clock } from "@ekm/ekm";
import type { QueryRunner } from "typeorm";
import { whileBusy } from "./while-busy.js";

/** `patience` 0: one try. Otherwise the busy time-out. */
export type Immediate = <T>(runner: QueryRunner, work: () => Promise<T>, patience?: 0) => Promise<T>;

/**
 * The one place where a transaction begins. TypeORM's own would be deferred: it takes the write lock with its first write,
 * and fails at once when another process wrote since its first read. The runner is marked active so that nothing of TypeORM
 * begins a transaction inside. Waits for other processes' locks up to `busyTimeoutMs`.
 */
export const createImmediate =
  (busyTimeoutMs: number, clock: Clock): Immediate =>
  async (runner, work, patience) => {
    await whileBusy(clock, patience ?? busyTimeoutMs, () => runner.query("BEGIN IMMEDIATE"));
    markActive(runner, true);
    try {
      const result = await work();
      await runner.query("COMMIT");
      return result;
    } catch (error) {
      // Fails when SQLite has rolled back by itself: the transaction is gone either way.
      await runner.query("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      markActive(runner, false);
    }
  };

function markActive(runner: QueryRunner, active: boolean): void {
  (runner as { isTransactionActive: boolean }).isTransactionActive = active;
}
