import { SYSTEM } from "../access/caller.js";
import { type Repositories, StoreError } from "../ports/store.js";
import type { Account } from "./account.js";
import { effectiveEkm } from "./effective-ekm.js";

/** Saves an account that was read in the same transaction, and answers it as stored. Throws StoreError if it changed meanwhile. */
export async function saveAccount(tx: Repositories, account: Account): Promise<Account> {
  if (!(await tx.accounts.save(account))) throw new StoreError(`account ${account.id} changed within the transaction`);
  return { ...account, version: account.version + 1 };
}

/**
 * The account for a write, null when unknown. An activation that has lapsed is made durable here, with its audit entry: by
 * the first write that meets it.
 */
export async function accountForWrite(tx: Repositories, accountId: string, now: Date): Promise<Account | null> {
  const stored = await tx.accounts.byId(accountId);
  if (!stored) return null;
  const effective = effectiveEkm(stored, now);
  if (effective === stored) return stored;
  const lapsed = await saveAccount(tx, effective);
  await tx.audit.append(accountId, now, {
    actor: SYSTEM.subject,
    action: "EKM_ACTIVATION_LAPSED",
    outcome: "DONE",
    detail: "The activation was not used in time.",
    awsRequestIds: [],
  });
  return lapsed;
}
