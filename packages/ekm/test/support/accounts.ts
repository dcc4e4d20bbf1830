import { createLeaseKeeper, type LeaseKeeper } from "@ekm/crypto-core";
import type { Account, AccountEkm, Problem } from "../../src/index.js";
import type { MemoryPorts } from "../../testing/index.js";

const AT = new Date("2026-01-05T08:00:00.000Z");
const ACTIVATION = { activatedAt: AT, activatedBy: "support" };
const ACCEPTANCE = { version: "1", sha256: "00", acceptedBy: "admin", acceptedAt: AT };

async function insert(ports: MemoryPorts, ekm: AccountEkm, more: Partial<Account> = {}): Promise<Account> {
  const account: Account = { id: ports.ids.next("acc"), name: "Acme", createdAt: AT, ekm, keyEpoch: 0, version: 1, ...more };
  await ports.store.transaction((tx) => tx.accounts.insert(account));
  return account;
}

/** In Cloud Key Management, with no vendor key yet. */
export const cloudAccount = (ports: MemoryPorts): Promise<Account> => insert(ports, { status: "NOT_ACTIVATED" });

export const enabledUnder = (arn: string, warnings: readonly string[] = []): AccountEkm => ({
  status: "ENABLED",
  activation: ACTIVATION,
  acceptance: ACCEPTANCE,
  key: { arn, multiRegion: false, enabledAt: AT, warnings },
});

export const enterpriseAccount = (ports: MemoryPorts, arn: string, warnings: readonly string[] = []): Promise<Account> =>
  insert(ports, enabledUnder(arn, warnings));

/** Changes a stored account as another process would. */
export async function change(ports: MemoryPorts, accountId: string, update: (account: Account) => Account): Promise<Account> {
  return ports.store.transaction(async (tx) => {
    const account = await stored(tx.accounts.byId(accountId));
    if (!(await tx.accounts.save(update(account)))) throw new Error("the account was changed meanwhile");
    return stored(tx.accounts.byId(accountId));
  });
}

export async function stored<T>(row: Promise<T | null>): Promise<T> {
  const found = await row;
  if (found === null) throw new Error("there is no such row");
  return found;
}

export const lock = (ports: MemoryPorts, accountId: string): Promise<Account> =>
  change(ports, accountId, (account) => ({
    ...account,
    keyLock: { lockedAt: AT, lockedBy: "admin", reason: "test" },
    keyEpoch: account.keyEpoch + 1,
  }));

export const unlock = (ports: MemoryPorts, accountId: string): Promise<Account> =>
  change(ports, accountId, ({ keyLock: _, ...account }) => ({ ...account, keyEpoch: account.keyEpoch + 1 }));

/** A process's leases, by the fake clock. */
export const leasesOf = ({ clock, settings }: MemoryPorts): LeaseKeeper<Problem> =>
  createLeaseKeeper<Problem>({
    durationMs: settings.leaseSeconds * 1000,
    clock: {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.now().getTime(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
  });
