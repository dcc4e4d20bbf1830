import type { KeyCondition, KeyRecord } from "../keys/key.js";
import type { KeyRegistry } from "../keys/registry.js";
import type { Upstream } from "../upstream/upstream.js";
import { algorithmsOf } from "./key-kinds.js";

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** KeyMetadata of the KMS API; times in seconds since 1970. */
export function keyMetadata(
  key: KeyRecord,
  condition: KeyCondition,
  { keys, upstream }: { readonly keys: KeyRegistry; readonly upstream: Upstream },
): Record<string, unknown> {
  const materialId = key.keySpec === "SYMMETRIC_DEFAULT" ? upstream.materialIdOf(key) : null;
  const expires = condition.state !== "PendingImport" && key.imported !== null;
  return {
    AWSAccountId: key.accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: seconds(key.createdAt),
    Enabled: condition.state === "Enabled",
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: condition.state,
    ...(condition.deletionDate === null ? {} : { DeletionDate: seconds(condition.deletionDate) }),
    ...(condition.state === "PendingReplicaDeletion" && condition.pendingWindowDays !== null
      ? { PendingDeletionWindowInDays: condition.pendingWindowDays }
      : {}),
    Origin: key.origin,
    ...(key.customKeyStoreId === null ? {} : { CustomKeyStoreId: key.customKeyStoreId }),
    ...(key.xksKeyId === null ? {} : { XksKeyConfiguration: { Id: key.xksKeyId } }),
    ...(expires ? expiry(key) : {}),
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    ...algorithmsOf(key),
    ...(materialId === null || condition.state === "PendingImport" ? {} : { CurrentKeyMaterialId: materialId }),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion ? { MultiRegionConfiguration: multiRegionConfiguration(key, keys) } : {}),
  };
}

function expiry({ imported }: KeyRecord): Record<string, unknown> {
  const validTo = imported?.validTo ?? null;
  if (validTo === null) return { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };
  return { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: seconds(validTo) };
}

function multiRegionConfiguration(key: KeyRecord, keys: KeyRegistry): Record<string, unknown> {
  const all = [key, ...keys.related(key)];
  const named = ({ arn, region }: KeyRecord) => ({ Arn: arn, Region: region });
  const primary = all.find(({ region }) => region === key.primaryRegion) ?? key;
  return {
    MultiRegionKeyType: primary === key ? "PRIMARY" : "REPLICA",
    PrimaryKey: named(primary),
    ReplicaKeys: all.filter((other) => other !== primary).map(named),
  };
}
