import { AsyncLocalStorage } from "node:async_hooks";
import { type Ids, type Repositories, StoreError } from "@ekm/ekm";
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
    transaction: (work) =>
      exclusive(() => {
        const guard = new TransactionGuard();
        const tx = guarded(repositories, guard.guard);
        return immediate(runner, () => inside.run(guard, () => guard.run(() => work(tx))));
      }),
  };
}
