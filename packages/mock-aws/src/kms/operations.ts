import { createAlias } from "./aliases/create-alias.js";
import { deleteAlias } from "./aliases/delete-alias.js";
import { listAliases } from "./aliases/list-aliases.js";
import { updateAlias } from "./aliases/update-alias.js";
import { deriveSharedSecret } from "./asymmetric/derive-shared-secret.js";
import { getPublicKey } from "./asymmetric/get-public-key.js";
import { generateMac, verifyMac } from "./asymmetric/mac.js";
import { sign } from "./asymmetric/sign.js";
import { verify } from "./asymmetric/verify.js";
import { cancelKeyDeletion } from "./cancel-key-deletion.js";
import { createKey } from "./create-key.js";
import { defineConnection } from "./custom-key-stores/connection.js";
import { createCustomKeyStore } from "./custom-key-stores/create-custom-key-store.js";
import { deleteCustomKeyStore } from "./custom-key-stores/delete-custom-key-store.js";
import { describeCustomKeyStores } from "./custom-key-stores/describe-custom-key-stores.js";
import { updateCustomKeyStore } from "./custom-key-stores/update-custom-key-store.js";
import { defineKeyPair } from "./data-key-pair.js";
import { decrypt } from "./decrypt.js";
import { describeKey } from "./describe-key.js";
import { encrypt } from "./encrypt.js";
import { generateDataKey } from "./generate-data-key.js";
import { generateDataKeyWithoutPlaintext } from "./generate-data-key-without-plaintext.js";
import { generateRandom } from "./generate-random.js";
import { getKeyPolicy } from "./get-key-policy.js";
import { createGrant } from "./grants/create-grant.js";
import { listGrants } from "./grants/list-grants.js";
import { listRetirableGrants } from "./grants/list-retirable-grants.js";
import { retireGrant } from "./grants/retire-grant.js";
import { revokeGrant } from "./grants/revoke-grant.js";
import { deleteImportedKeyMaterial } from "./import/delete-imported-key-material.js";
import { getParametersForImport } from "./import/get-parameters-for-import.js";
import { importKeyMaterial } from "./import/import-key-material.js";
import { listKeyPolicies } from "./list-key-policies.js";
import { listKeys } from "./list-keys.js";
import { replicateKey } from "./multi-region/replicate-key.js";
import { updatePrimaryRegion } from "./multi-region/update-primary-region.js";
import type { AnyOperation } from "./operation.js";
import { putKeyPolicy } from "./put-key-policy.js";
import { reEncrypt } from "./re-encrypt.js";
import { disableKeyRotation } from "./rotation/disable-key-rotation.js";
import { enableKeyRotation } from "./rotation/enable-key-rotation.js";
import { getKeyRotationStatus } from "./rotation/get-key-rotation-status.js";
import { listKeyRotations } from "./rotation/list-key-rotations.js";
import { rotateKeyOnDemand } from "./rotation/rotate-key-on-demand.js";
import { scheduleKeyDeletion } from "./schedule-key-deletion.js";
import { defineSwitch } from "./switch-key.js";
import { listResourceTags } from "./tags/list-resource-tags.js";
import { tagResource } from "./tags/tag-resource.js";
import { untagResource } from "./tags/untag-resource.js";
import { updateKeyDescription } from "./update-key-description.js";

export const KMS_OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(
  [
    cancelKeyDeletion,
    defineConnection("ConnectCustomKeyStore", true),
    createAlias,
    createCustomKeyStore,
    createGrant,
    createKey,
    decrypt,
    deleteAlias,
    deleteCustomKeyStore,
    deleteImportedKeyMaterial,
    deriveSharedSecret,
    describeCustomKeyStores,
    describeKey,
    defineSwitch("DisableKey", "Disabled"),
    disableKeyRotation,
    defineConnection("DisconnectCustomKeyStore", false),
    defineSwitch("EnableKey", "Enabled"),
    enableKeyRotation,
    encrypt,
    generateDataKey,
    defineKeyPair("GenerateDataKeyPair"),
    defineKeyPair("GenerateDataKeyPairWithoutPlaintext"),
    generateDataKeyWithoutPlaintext,
    generateMac,
    generateRandom,
    getKeyPolicy,
    getKeyRotationStatus,
    getParametersForImport,
    getPublicKey,
    importKeyMaterial,
    listAliases,
    listGrants,
    listKeyPolicies,
    listKeyRotations,
    listKeys,
    listResourceTags,
    listRetirableGrants,
    putKeyPolicy,
    reEncrypt,
    replicateKey,
    retireGrant,
    revokeGrant,
    rotateKeyOnDemand,
    scheduleKeyDeletion,
    sign,
    tagResource,
    untagResource,
    updateAlias,
    updateCustomKeyStore,
    updateKeyDescription,
    updatePrimaryRegion,
    verify,
    verifyMac,
  ].map((operation) => [operation.name, operation]),
);
