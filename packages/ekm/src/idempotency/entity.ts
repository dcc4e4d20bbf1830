import type { Account } from "../accounts/account.js";
import { effectiveEkm } from "../accounts/effective-ekm.js";
import type { Ports } from "../ports/ports.js";

/** How a result is named in a record, and found again. */
export interface Entity<T> {
  idOf(value: T): string;
  /** The account that it belongs to: decides whether the caller may see it. */
  accountIdOf(value: T): string;
  /** As it is now; null when it is gone. */
  find(id: string): Promise<T | null>;
}

export const accountEntity = ({ store, clock }: Pick<Ports, "store" | "clock">): Entity<Account> => ({
  idOf: ({ id }) => id,
  accountIdOf: ({ id }) => id,
  async find(id) {
    const account = await store.read.accounts.byId(id);
    return account && effectiveEkm(account, clock.now());
  },
});

/** Whatever has an id, an account and a repository: sources, jobs, rotations. */
export const rowEntity = <T extends { readonly id: string; readonly accountId: string }>(repository: {
  byId(id: string): Promise<T | null>;
}): Entity<T> => ({
  idOf: ({ id }) => id,
  accountIdOf: ({ accountId }) => accountId,
  find: (id) => repository.byId(id),
});
