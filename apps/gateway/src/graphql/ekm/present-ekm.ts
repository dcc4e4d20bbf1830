import { type Account, effectiveEkm } from "@ekm/ekm";
import { presentCustomerKey } from "../keys/present-customer-key.js";
import type { EkmConfigurationView } from "./ekm-configuration.js";

/** Null before activation and after a lapse: for its admin the settings do not exist then. */
export function presentEkm(account: Account, now: Date): EkmConfigurationView | null {
  const { ekm } = effectiveEkm(account, now);
  if (ekm.status === "NOT_ACTIVATED") return null;
  return {
    accountId: account.id,
    status: ekm.status,
    activatedAt: ekm.activation.activatedAt,
    activatedBy: ekm.activation.activatedBy,
    activationTicket: ekm.activation.ticket ?? null,
    activationExpiresAt: (ekm.status === "ACTIVATED" && ekm.activation.expiresAt) || null,
    acceptance: ekm.status === "ACTIVATED" ? null : ekm.acceptance,
    key: ekm.status === "ACTIVATED" ? null : presentCustomerKey(account.id, ekm.key),
  };
}
