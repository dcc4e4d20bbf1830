import { rejection } from "../errors/catalog.js";
import type { Rejection } from "../errors/outcome.js";
import type { Account } from "./account.js";

/**
 * The account as it is at `now`: an activation that was not used in time has lapsed, whether or not a write has made that
 * durable yet.
 */
export function effectiveEkm(account: Account, now: Date): Account {
  const { ekm } = account;
  const expiresAt = ekm.status === "ACTIVATED" ? ekm.activation.expiresAt : undefined;
  if (expiresAt === undefined || expiresAt > now) return account;
  return { ...account, ekm: { status: "NOT_ACTIVATED", lapsedAt: expiresAt } };
}

/** What every EKM operation answers while the account's EKM does not exist; null once it is activated. Takes an effective account. */
export function refuseUnactivated(account: Account): readonly Rejection[] | null {
  if (account.ekm.status !== "NOT_ACTIVATED") return null;
  return [rejection(account.ekm.lapsedAt ? "EKM_ACTIVATION_LAPSED" : "EKM_NOT_ACTIVATED")];
}
