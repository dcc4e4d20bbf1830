import type { KeyCondition, KeyRecord } from "../keys/key.js";
import { kindOf } from "./key-kinds.js";

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** KeyMetadata of the KMS API; times in seconds since 1970. */
export function keyMetadata(key: KeyRecord, condition: KeyCondition): Record<string, unknown> {
  const kind = kindOf(key.keySpec);
  const algorithms: Record<string, unknown> = {};
  if (key.keyUsage === "ENCRYPT_DECRYPT" && kind?.encryption) algorithms["EncryptionAlgorithms"] = kind.encryption;
  if (key.keyUsage === "SIGN_VERIFY" && kind?.signing) algorithms["SigningAlgorithms"] = kind.signing;
  if (key.keyUsage === "GENERATE_VERIFY_MAC" && kind?.mac) algorithms["MacAlgorithms"] = kind.mac;
  if (key.keyUsage === "KEY_AGREEMENT" && kind?.agreement) algorithms["KeyAgreementAlgorithms"] = kind.agreement;
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
    Origin: key.origin,
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    ...algorithms,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: "PRIMARY",
            PrimaryKey: { Arn: key.arn, Region: key.region },
            ReplicaKeys: [],
          },
        }
      : {}),
  };
}
