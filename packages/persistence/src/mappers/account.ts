import { type Account, type AccountEkm, type CustomerKey, type KeyLock, keyManagementOf, type VendorKey } from "@ekm/ekm";
import type { AccountRow } from "../rows/account.js";
import { fromJson, fromMs, present, required, toJson, toMs } from "./values.js";

/** All that an account says of itself; what its health says is written by the health repository. */
type OwnColumns = Omit<AccountRow, "healthState" | "healthCheckedAt">;

export function toAccountRow(account: Account): OwnColumns {
  const { ekm, vendorKey, keyLock } = account;
  return {
    id: account.id,
    name: account.name,
    nameFolded: account.name.toLowerCase(),
    createdAt: account.createdAt.getTime(),
    ekmStatus: ekm.status,
    keyManagement: keyManagementOf(account),
    ...toEkmColumns(ekm),
    vendorKeyArn: vendorKey?.arn ?? null,
    vendorKeyCreatedAt: toMs(vendorKey?.createdAt),
    vendorKeyDeletionDate: toMs(vendorKey?.deletionDate),
    lockedAt: toMs(keyLock?.lockedAt),
    lockedBy: keyLock?.lockedBy ?? null,
    lockReason: keyLock?.reason ?? null,
    keyEpoch: account.keyEpoch,
    version: account.version,
  };
}

function toEkmColumns(ekm: AccountEkm) {
  const activation = ekm.status === "NOT_ACTIVATED" ? undefined : ekm.activation;
  const enabled = ekm.status === "ENABLED" || ekm.status === "ROTATING" ? ekm : undefined;
  return {
    lapsedAt: ekm.status === "NOT_ACTIVATED" ? toMs(ekm.lapsedAt) : null,
    activatedAt: toMs(activation?.activatedAt),
    activatedBy: activation?.activatedBy ?? null,
    ticket: activation?.ticket ?? null,
    activationExpiresAt: toMs(activation?.expiresAt),
    termsVersion: enabled?.acceptance.version ?? null,
    termsSha256: enabled?.acceptance.sha256 ?? null,
    termsAcceptedBy: enabled?.acceptance.acceptedBy ?? null,
    termsAcceptedAt: toMs(enabled?.acceptance.acceptedAt),
    keyArn: enabled?.key.arn ?? null,
    keyMultiRegion: enabled?.key.multiRegion ?? null,
    keyEnabledAt: toMs(enabled?.key.enabledAt),
    keyWarnings: toJson(enabled?.key.warnings),
    rotationId: ekm.status === "ROTATING" ? ekm.rotationId : null,
  };
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    createdAt: new Date(row.createdAt),
    ekm: toEkm(row),
    ...present({ vendorKey: toVendorKey(row), keyLock: toKeyLock(row) }),
    keyEpoch: row.keyEpoch,
    version: row.version,
  };
}

function toEkm(row: AccountRow): AccountEkm {
  if (row.ekmStatus === "NOT_ACTIVATED") return { status: "NOT_ACTIVATED", ...present({ lapsedAt: fromMs(row.lapsedAt) }) };
  const activation = {
    activatedAt: new Date(required(row.activatedAt, "activated_at")),
    activatedBy: required(row.activatedBy, "activated_by"),
    ...present({ ticket: row.ticket, expiresAt: fromMs(row.activationExpiresAt) }),
  };
  if (row.ekmStatus === "ACTIVATED") return { status: "ACTIVATED", activation };
  const acceptance = {
    version: required(row.termsVersion, "terms_version"),
    sha256: required(row.termsSha256, "terms_sha256"),
    acceptedBy: required(row.termsAcceptedBy, "terms_accepted_by"),
    acceptedAt: new Date(required(row.termsAcceptedAt, "terms_accepted_at")),
  };
  const key: CustomerKey = {
    arn: required(row.keyArn, "key_arn"),
    multiRegion: required(row.keyMultiRegion, "key_multi_region"),
    enabledAt: new Date(required(row.keyEnabledAt, "key_enabled_at")),
    warnings: required(fromJson<string[]>(row.keyWarnings), "key_warnings"),
  };
  if (row.ekmStatus === "ENABLED") return { status: "ENABLED", activation, acceptance, key };
  return { status: "ROTATING", activation, acceptance, key, rotationId: required(row.rotationId, "rotation_id") };
}

function toVendorKey(row: AccountRow): VendorKey | null {
  if (row.vendorKeyArn === null) return null;
  return {
    arn: row.vendorKeyArn,
    createdAt: new Date(required(row.vendorKeyCreatedAt, "vendor_key_created_at")),
    ...present({ deletionDate: fromMs(row.vendorKeyDeletionDate) }),
  };
}

function toKeyLock(row: AccountRow): KeyLock | null {
  if (row.lockedAt === null) return null;
  return {
    lockedAt: new Date(row.lockedAt),
    lockedBy: required(row.lockedBy, "locked_by"),
    reason: required(row.lockReason, "lock_reason"),
  };
}
