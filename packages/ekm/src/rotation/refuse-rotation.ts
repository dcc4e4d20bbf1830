import type { Account } from "../accounts/account.js";
import { refuseUnactivated } from "../accounts/effective-ekm.js";
import { rejection } from "../errors/catalog.js";
import type { Rejection } from "../errors/outcome.js";

/** What starting a rotation answers whenever the account is not under a customer's key, or is not free; null when it is. */
export function refuseState(account: Account): readonly Rejection[] | null {
  const unactivated = refuseUnactivated(account);
  if (unactivated) return unactivated;
  if (account.ekm.status === "ACTIVATED") return [rejection("EKM_NOT_ENABLED")];
  if (account.ekm.status === "ROTATING") return [rejection("ROTATION_IN_PROGRESS")];
  return account.keyLock ? [rejection("KEYS_LOCKED")] : null;
}

/** The loss is accepted by repeating the account's name, exactly. */
export function refuseConfirmation({ name }: Account, acceptLossOfUnreadable?: string): readonly Rejection[] | null {
  if (acceptLossOfUnreadable === undefined || acceptLossOfUnreadable === name) return null;
  const message = "To accept the loss, repeat the account's name.";
  return [rejection("CONFIRMATION_MISSING", message, ["input", "acceptLossOfUnreadable"])];
}

export function refuseUnchanged({ ekm }: Account, keyArn: string): readonly Rejection[] | null {
  const current = ekm.status === "ENABLED" || ekm.status === "ROTATING" ? ekm.key.arn : null;
  return keyArn.trim() === current ? [rejection("KEY_UNCHANGED", undefined, ["input", "keyArn"])] : null;
}
