import { AsyncLocalStorage } from "node:async_hooks";
import { type Ids, type Repositories, StoreBusyError, StoreError } from "@ekm/ekm";
import type { DataSource } from "typeorm";
import { toStoreError } from "./errors.js";
import { guarded, TransactionGuard } from "./guard.js";
import type { Immediate } from "./immediate.js";
import { createRepositories } from "./repositories/index.js";
import { createSerial } from "./serial.js";

export interface Writer {
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Runs alone among this process's transactions, outside any. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

/** All writing of this process: its driver shares one connection, so transactions take turns. */
export function createWriter(source: DataSource, immediate: Immediate, ids: Ids): Writer {
  const serial = createSerial();
  const inside = new AsyncLocalStorage<TransactionGuard>();
  const runner = source.createQueryRunner();
  const repositories = createRepositories(runner.manager, ids);
  let asked = 0;
  /** Who asked before somebody waited the time-out out in vain has waited with them: one try is left. */
  let waitedOut = 0;

  const exclusive = async <T>(task: () => Promise<T>): Promise<T> => {
    if (inside.getStore()?.open) throw new StoreError("a transaction is open here: it would wait for itself");
    return serial(async () => {
      try {
        return await task();
      } catch (error) {
        throw toStoreError(error);
      }
    });
  };

  return {
    exclusive,
    transaction: (work) => {
      asked += 1;
      const place = asked;
      return exclusive(async () => {
        const guard = new TransactionGuard();
        const tx = guarded(repositories, guard.guard);
        const guardedWork = () => inside.run(guard, () => guard.run(() => work(tx)));
        try {
          return await immediate(runner, guardedWork, place <= waitedOut ? 0 : undefined);
        } catch (error) {
          if (toStoreError(error) instanceof StoreBusyError) waitedOut = asked;
          throw error;
        }
      });
    },
  };
}
