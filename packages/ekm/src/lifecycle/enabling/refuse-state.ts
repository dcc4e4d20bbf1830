import type { Account } from "../../accounts/account.js";
import { refuseUnactivated } from "../../accounts/effective-ekm.js";
import { rejection } from "../../errors/catalog.js";
import type { Rejection } from "../../errors/outcome.js";

/** What enabling answers whenever the account is not waiting to be enabled; null when it is. Takes an effective account. */
export function refuseState(account: Account): readonly Rejection[] | null {
  const unactivated = refuseUnactivated(account);
  if (unactivated) return unactivated;
  if (account.ekm.status !== "ACTIVATED") return [rejection("EKM_ALREADY_ENABLED")];
  return account.keyLock ? [rejection("KEYS_LOCKED")] : null;
}
