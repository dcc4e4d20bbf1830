import type { ErrorCode } from "./codes.js";
import type { Problem, Rejection } from "./outcome.js";

export interface CatalogEntry {
  /** What happened, in one sentence. */
  readonly meaning: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** Whether the same request can succeed later without a change to it. */
  readonly retryable: boolean;
}

const entry = (meaning: string, remedy: string, retryable = false): CatalogEntry => ({ meaning, remedy, retryable });

const BACKUPS_RESUME = "Backups and restores work again by themselves; no data is lost meanwhile.";

/** The one table of codes. The API's `errorCatalog` and the failure-modes page are made from it. */
export const ERROR_CATALOG: Readonly<Record<ErrorCode, CatalogEntry>> = {
  ACCOUNT_NOT_FOUND: entry("There is no such account, or it is not yours to see.", "Check the account id."),
  SOURCE_NOT_FOUND: entry(
    "There is no such backup source in this account.",
    "Check the id, or register the source with registerBackupSource.",
  ),
  BACKUP_NOT_FOUND: entry("There is no such backup in this account.", "Check the id against the account's list of backups."),
  ROTATION_NOT_FOUND: entry("There is no such key rotation in this account.", "Check the id against the account's rotations."),
  JOB_NOT_FOUND: entry("There is no such job in this account.", "Check the id; a job that has ended cannot be cancelled."),
  IDEMPOTENCY_KEY_REUSED: entry(
    "This idempotency key was already used with a different request.",
    "Use a new key for a new request, or repeat the first request unchanged.",
  ),
  REQUEST_IN_PROGRESS: entry(
    "An equal request is still being carried out.",
    "Wait a moment and send the same request again to learn its result.",
    true,
  ),
  JOB_CONFLICT: entry(
    "Somebody else changed the same thing at the same time, and nothing was written.",
    "Look at the current state and send the request again if it is still wanted.",
    true,
  ),
  INPUT_INVALID: entry("A value of the request is not allowed.", "Correct the field that is named and send the request again."),

  EKM_NOT_ACTIVATED: entry(
    "Enterprise Key Management has not been activated for this account.",
    "Ask support to activate it for the account.",
  ),
  EKM_ACTIVATION_LAPSED: entry(
    "The activation of Enterprise Key Management was not used in time and has lapsed.",
    "Ask support to activate it again.",
  ),
  EKM_ALREADY_ENABLED: entry(
    "Enterprise Key Management is already enabled for this account.",
    "To use another key, start a key rotation with rotateEkmKey.",
  ),
  EKM_NOT_ENABLED: entry("Enterprise Key Management is not enabled for this account.", "Enable it first with enableEkm."),
  EKM_IRREVERSIBLE: entry(
    "Enterprise Key Management is enabled, and there is no way back to Cloud Key Management.",
    "Keep your key usable. To use another key, start a key rotation with rotateEkmKey.",
  ),
  TERMS_NOT_ACCEPTED: entry(
    "The legal terms were not accepted.",
    "Read the terms (ekm.terms) and send their version as acceptedTermsVersion.",
  ),
  TERMS_VERSION_OUTDATED: entry(
    "The accepted version of the legal terms is not the current one.",
    "Read the current terms (ekm.terms) and accept their version.",
  ),
  CONFIRMATION_MISSING: entry(
    "It was not confirmed that this step cannot be undone.",
    "Set confirmIrreversible to true once you are certain.",
  ),
  ROTATION_IN_PROGRESS: entry(
    "A key rotation of this account is already under way.",
    "Wait until it has completed, or cancel it first.",
  ),
  ROTATION_NOT_CANCELLABLE: entry(
    "The rotation has already switched to the new key, or has ended.",
    "Nothing to do. To go back to the former key, start a new rotation to it.",
  ),
  KEY_UNCHANGED: entry("This is the key that the account already uses.", "Name the ARN of another key."),
  KEYS_LOCKED: entry(
    "The account's keys are locked on our side by an administrator of the account.",
    "Unlock them with unlockAccountKeys when backups and restores may run again.",
  ),

  KEY_ARN_INVALID: entry(
    "This is not the ARN of an AWS KMS key.",
    "Copy the key's ARN from the AWS console: arn:aws:kms:REGION:ACCOUNT:key/ID.",
  ),
  KEY_ALIAS_UNSUPPORTED: entry(
    "An alias was given in place of a key ARN. An alias can be moved to another key without notice.",
    "Name the ARN of the key that the alias points to.",
  ),
  KEY_PROVIDER_UNSUPPORTED: entry(
    "This is a key of Azure Key Vault or Google Cloud KMS. Only keys in AWS KMS are supported.",
    "Use a key in AWS KMS. A key held elsewhere can be connected to AWS KMS as an external key store.",
  ),
  KEY_REGION_UNSUPPORTED: entry(
    "The key lives in an AWS Region that this service does not support.",
    "Use a key in one of the supported Regions.",
  ),
  KEY_TAKEN: entry(
    "Another account already uses this key, and its policy does not name the account that it is meant for.",
    "Use a key of its own for this account, or bind the key policy to this account with the grant template's condition on the encryption context.",
  ),

  KEY_NOT_SYMMETRIC: entry(
    "The key is asymmetric. Only symmetric keys (SYMMETRIC_DEFAULT) can protect an account.",
    "Create a symmetric key for encryption and decryption, and use its ARN.",
  ),
  KEY_USAGE_UNSUPPORTED: entry(
    "The key is made for another use than encryption and decryption.",
    "Create a symmetric key with the usage ENCRYPT_DECRYPT, and use its ARN.",
  ),
  KEY_AWS_MANAGED: entry(
    "This is a key that AWS manages. Its policy cannot be changed, so no other AWS account can be granted its use.",
    "Create a customer managed key, and use its ARN.",
  ),
  KEY_DISABLED: entry("The key is disabled in AWS KMS.", `Enable the key in AWS KMS. ${BACKUPS_RESUME}`, true),
  KEY_PENDING_DELETION: entry(
    "The key is scheduled for deletion in AWS KMS. Once it is deleted, the data it protects is lost for ever.",
    `Cancel the deletion in AWS KMS at once, then enable the key. ${BACKUPS_RESUME}`,
    true,
  ),
  KEY_PENDING_IMPORT: entry(
    "The key has no key material: it was never imported, was deleted, or has expired.",
    `Import the same key material again in AWS KMS. ${BACKUPS_RESUME}`,
    true,
  ),
  KEY_UNAVAILABLE: entry(
    "AWS KMS answers that the key is unavailable for the moment.",
    "Wait. If it lasts, look at the key's state and at its key store in AWS KMS.",
    true,
  ),
  KEY_NOT_FOUND: entry(
    "AWS KMS answers that the key does not exist.",
    "Check the ARN, its Region above all. A deleted key cannot be brought back.",
  ),
  KEY_ACCESS_DENIED: entry(
    "AWS KMS denied the use of the key and does not say why: the key policy, a deleted key and a suspended AWS account look the same from outside.",
    `In your AWS account, check that the account is active, that the key exists and is enabled, and that its policy holds the statements of the grant template. ${BACKUPS_RESUME}`,
    true,
  ),
  KEY_POLICY_TOO_WIDE: entry(
    "The key policy allows this service to use the key without naming your account in the encryption context.",
    "Add the condition on kms:EncryptionContext:ekm:account from the grant template to the key policy.",
  ),
  AWS_ACCOUNT_SUSPENDED: entry(
    "The AWS account that owns the key is suspended or closed.",
    `Have the AWS account reinstated by AWS. ${BACKUPS_RESUME}`,
    true,
  ),
  KEY_MISMATCH: entry(
    "AWS KMS described another key than the one that was named.",
    "Copy the ARN of the key itself from the AWS console and try again.",
  ),
  EXTERNAL_KEY_STORE_UNREACHABLE: entry(
    "AWS KMS could not reach the proxy of your external key store in time.",
    "Check the proxy, its network and the external key manager. It works again once they answer.",
    true,
  ),
  EXTERNAL_KEY_DISABLED: entry(
    "The external key behind this KMS key is not enabled in its key manager.",
    `Enable it in the external key manager. ${BACKUPS_RESUME}`,
    true,
  ),
  EXTERNAL_KEY_NOT_FOUND: entry(
    "The external key behind this KMS key was not found by the proxy.",
    `Restore the key in the external key manager, or correct the proxy's configuration. ${BACKUPS_RESUME}`,
    true,
  ),
  EXTERNAL_KEY_DENIED: entry(
    "The external key manager denied the use of the key behind this KMS key.",
    `Allow the operation in the external key manager or its proxy. ${BACKUPS_RESUME}`,
    true,
  ),

  KMS_THROTTLED: entry(
    "AWS KMS limits the rate of requests at the moment.",
    "Nothing to do: the request is repeated with pauses. Tell support if it lasts.",
    true,
  ),
  KMS_UNREACHABLE: entry(
    "AWS KMS could not be reached.",
    "Nothing to do: the request is repeated. Look at the AWS health dashboard if it lasts.",
    true,
  ),
  KMS_INTERNAL: entry(
    "AWS KMS had a fault of its own.",
    "Nothing to do: the request is repeated. Look at the AWS health dashboard if it lasts.",
    true,
  ),
  KMS_ANSWER_INVALID: entry(
    "The answer of AWS KMS did not hold what was asked for. It was not used.",
    "Try again. Tell support if it happens twice.",
    true,
  ),
  VENDOR_AWS_FAULT: entry(
    "This service cannot use AWS as it should at the moment. The cause is on our side, not with your key.",
    "Nothing to do on your side: our operators are alerted. Try again later.",
    true,
  ),

  ACCOUNT_KEY_UNREADABLE: entry(
    "The account's key, as stored, cannot be opened with the KMS key that should open it.",
    "Tell support. Do not delete any KMS key of this account meanwhile.",
  ),
  BACKUP_CORRUPT: entry(
    "The stored backup is damaged or was changed. Nothing of the damaged part was released.",
    "Restore another backup, and tell support.",
  ),
  BACKUP_NOT_RESTORABLE: entry(
    "Only a backup that has succeeded can be restored.",
    "Wait until the backup has succeeded, or choose another.",
  ),
  SOURCE_UNAVAILABLE: entry(
    "The backup source could not be read.",
    "Check that its location exists and may be read by the service, then start the backup again.",
    true,
  ),
  RESTORE_TARGET_INVALID: entry(
    "The restore target may not be used.",
    "Name a directory under an allowed root that does not exist or is empty, or set overwrite.",
  ),
  STORAGE_UNAVAILABLE: entry(
    "The backup storage could not be used. The cause is on our side, not with your key.",
    "Nothing to do on your side. Try again later.",
    true,
  ),
  STORAGE_FULL: entry(
    "There is no room left in the backup storage or at the restore target.",
    "Free space at the target, or tell support if it is the backup storage.",
    true,
  ),
  INTERNAL: entry("Something went wrong on our side.", "Try again. Tell support the request id if it happens twice.", true),

  WEBHOOK_NOT_FOUND: entry("There is no such webhook in this account.", "Check the id against the account's webhooks."),
  WEBHOOK_DELIVERY_NOT_FOUND: entry(
    "There is no such delivery of a webhook in this account.",
    "Check the id against the webhook's deliveries; they are kept for 30 days.",
  ),
  WEBHOOK_URL_REFUSED: entry(
    "Messages cannot be sent to this URL.",
    "Use an https URL of a receiver on the public Internet, without user name, password and fragment.",
  ),
  WEBHOOK_LIMIT_REACHED: entry("The account has as many webhooks as it can have.", "Delete one that is no longer needed."),
  WEBHOOKS_UNAVAILABLE: entry(
    "Webhooks are not set up in this installation.",
    "Ask its operators to set EKM_WEBHOOK_KEY_FILE (docs/webhooks.md).",
  ),
};

/** A refusal of a request. The message is the catalogue's meaning unless a more precise sentence is given. */
export function rejection(code: ErrorCode, message?: string, field?: readonly string[]): Rejection {
  return { code, message: message ?? ERROR_CATALOG[code].meaning, ...(field === undefined ? {} : { field }) };
}

/** Something wrong with a key, a job or a rotation. Defaults as for {@link rejection}; no possible causes. */
export function problem(code: ErrorCode, more: Partial<Omit<Problem, "code">> = {}): Problem {
  return { message: ERROR_CATALOG[code].meaning, possibleCauses: [], ...more, code };
}
