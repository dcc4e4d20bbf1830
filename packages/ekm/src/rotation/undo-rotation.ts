import { saveAccount } from "../accounts/write-account.js";
import type { Repositories } from "../ports/store.js";
import type { KeyRotation } from "./rotation.js";

/** Before the switch: takes the PENDING wraps away and puts the account back to ENABLED, in the caller's transaction. */
export async function undoRotation(tx: Repositories, { id, accountId, toArn }: KeyRotation): Promise<void> {
  const account = await tx.accounts.byId(accountId);
  if (account?.ekm.status !== "ROTATING" || account.ekm.rotationId !== id)
    throw new Error(`${accountId} is not in rotation ${id}`);
  await tx.keys.deleteWraps(accountId, toArn, "PENDING");
  const { rotationId: _, ...ekm } = account.ekm;
  await saveAccount(tx, { ...account, ekm: { ...ekm, status: "ENABLED" } });
}
