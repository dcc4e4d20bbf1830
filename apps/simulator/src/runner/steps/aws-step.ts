import { actsStep, type TimedAct } from "./acts-step.js";
import { closeAccount, reinstateAccount, requestAccountClosure, suspendAccount } from "./aws/account-status.js";
import { createAlias, deleteAlias, updateAlias } from "./aws/aliases.js";
import { connectKeyStore, disconnectKeyStore } from "./aws/connect-key-store.js";
import { cancelKeyDeletion, deleteKey, scheduleKeyDeletion } from "./aws/delete-key.js";
import { disableKey, enableKey } from "./aws/enable-key.js";
import { createGrant, retireGrant, revokeGrant } from "./aws/grants.js";
import { deleteKeyMaterial, importKeyMaterial } from "./aws/key-material.js";
import { putKeyPolicy } from "./aws/put-key-policy.js";
import { replicateKey, updatePrimaryRegion } from "./aws/replicate-key.js";
import { enableKeyRotation, rotateKeyOnDemand } from "./aws/rotate-key-material.js";
import { setExternalKey } from "./aws/set-external-key.js";
import { setKeyState } from "./aws/set-key-state.js";
import { setQuotas } from "./aws/set-quotas.js";
import { restoreVendorCredentials, spoilVendorCredentials } from "./aws/vendor-credentials.js";
import { setVendorPermissions } from "./aws/vendor-permissions.js";

/** Everything that the owner of a key, the vendor as AWS's customer, or AWS itself can do to a key or an account. */
export const AWS_ACTS: readonly TimedAct<object>[] = [
  disableKey,
  enableKey,
  scheduleKeyDeletion,
  cancelKeyDeletion,
  deleteKey,
  setKeyState,
  putKeyPolicy,
  createGrant,
  revokeGrant,
  retireGrant,
  rotateKeyOnDemand,
  enableKeyRotation,
  importKeyMaterial,
  deleteKeyMaterial,
  replicateKey,
  updatePrimaryRegion,
  createAlias,
  updateAlias,
  deleteAlias,
  setExternalKey,
  connectKeyStore,
  disconnectKeyStore,
  suspendAccount,
  closeAccount,
  requestAccountClosure,
  reinstateAccount,
  spoilVendorCredentials,
  restoreVendorCredentials,
  setVendorPermissions,
  setQuotas,
];

export const awsStep = actsStep(
  "aws",
  AWS_ACTS,
  "An act in AWS, as the owner of the key. `as` names the moment at which it took effect.",
);
