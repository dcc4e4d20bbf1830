import { type Repositories, StoreError } from "@ekm/ekm";
import { toStoreError } from "./errors.js";

/** Stands around every call of a repository. */
type Guard = <T>(call: () => Promise<T>) => Promise<T>;

/** Reads: errors become the port's. */
export const readGuard: Guard = async (call) => {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
};

export function guarded(repositories: Repositories, guard: Guard): Repositories {
  return Object.fromEntries(
    Object.entries(repositories).map(([name, repository]) => [name, guardedRepository(repository, guard)]),
  ) as unknown as Repositories;
}

function guardedRepository<R extends object>(repository: R, guard: Guard): R {
  return Object.fromEntries(
    Object.entries(repository).map(([verb, call]) => [verb, (...args: unknown[]) => guard(() => call(...args))]),
  ) as R;
}

/**
 * One transaction's use of the shared connection. A statement that ran outside its transaction would commit by itself, or
 * with somebody else's; so a call after the end is refused, the end waits for calls under way, and once a statement has
 * failed nothing more is written and the transaction cannot commit, even if its work caught the error (SQLite may have
 * rolled back by itself).
 */
export class TransactionGuard {
  #open = true;
  /** What the driver said first, or a misuse. */
  #failure: unknown;
  readonly #running = new Set<Promise<unknown>>();

  get open(): boolean {
    return this.#open;
  }

  readonly guard: Guard = (call) => {
    if (!this.#open) return Promise.reject(new StoreError("the transaction has ended"));
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const running = call().catch((error: unknown) => {
      const failure = toStoreError(error);
      if (failure !== error) this.#failure ??= failure;
      throw failure;
    });
    this.#running.add(running);
    const done = () => this.#running.delete(running);
    running.then(done, done);
    return running;
  };

  /** Resolves when the transaction may commit; rejects when it must roll back. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.#running.size > 0) this.#failure ??= new StoreError("a call of the transaction was not awaited");
      if (this.#failure !== undefined) throw this.#failure;
      return result;
    } finally {
      this.#open = false;
      await Promise.allSettled(this.#running);
    }
  }
}
