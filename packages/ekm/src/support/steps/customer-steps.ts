import { ERROR_CATALOG } from "../../errors/catalog.js";
import type { ErrorCode } from "../../errors/codes.js";
import type { CustomerStep } from "../diagnosis.js";
import { type AwsKey, actOn, awsKey, describe, enable, readPolicy, restorePolicy, whoDid } from "./aws-key.js";

const say = (text: string): CustomerStep => ({ text });

const NO_RETURN = say(
  "If the key is gone for ever: an admin of the account may start a key rotation to a new key and accept the loss of what only the old key opens, by repeating the account's name. Everything backed up from then on is safe again; ask support before you do it.",
);
const KEEP_KEYS = say("Keep every KMS key of this account as it is: do not disable or delete one while we look into it.");

const externalStore = (key: AwsKey, what: string): readonly CustomerStep[] => [
  say(what),
  {
    text: `In AWS account ${key.awsAccountId}, open Key Management Service in Region ${key.region}, Custom key stores, External key stores: the store must be Connected.`,
    awsCli: `aws kms describe-custom-key-stores --region ${key.region}`,
  },
];

/** Nothing to do for what passes by itself. */
const PASSES: readonly CustomerStep[] = [];

const OF_A_KEY: Partial<Record<ErrorCode, (key: AwsKey) => readonly CustomerStep[]>> = {
  KEY_DISABLED: (key) => [enable(key), whoDid(key, "DisableKey")],
  KEY_PENDING_DELETION: (key) => [
    actOn(
      key,
      "Key actions, Cancel key deletion. Do this first: after the date nobody can bring the key back.",
      "cancel-key-deletion",
    ),
    enable(key, " AWS leaves a key disabled when its deletion is cancelled."),
    whoDid(key, "ScheduleKeyDeletion"),
  ],
  KEY_PENDING_IMPORT: (key) => [
    actOn(
      key,
      "Key material, Import key material. It must be the same material as before: AWS accepts no other for this key.",
      "get-parameters-for-import --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096",
    ),
    say("Import it without an expiry, or note the date: when it expires, backups and restores fail again."),
  ],
  KEY_UNAVAILABLE: (key) => [
    describe(key, "look at its status. It passes by itself unless the key is in a custom key store that is not connected."),
  ],
  KEY_NOT_FOUND: (key) => [describe(key, "see whether it exists there, in this Region."), NO_RETURN],
  KEY_ACCESS_DENIED: (key) => [
    {
      text: `See whether AWS account ${key.awsAccountId} is active: the AWS console opens, and Billing shows no suspension. A suspended account is reinstated by AWS alone.`,
      awsCli: "aws sts get-caller-identity",
    },
    describe(
      key,
      "see whether it exists and its status is Enabled. If it is not, enable it, or cancel its deletion and then enable it.",
    ),
    readPolicy(key),
    restorePolicy(key),
    say(
      "If all of that is as it should be: see whether a resource control policy of your AWS Organization denies the use of keys by other AWS accounts.",
    ),
  ],
  AWS_ACCOUNT_SUSPENDED: (key) => [
    say(`Have AWS account ${key.awsAccountId} reinstated: settle what AWS asks for, or open a case with AWS Support.`),
    describe(key, "once the account is back, see whether the status of the key is Enabled."),
  ],
  KEY_USAGE_UNSUPPORTED: (key) => [
    describe(key, "see whether its usage is Encrypt and decrypt."),
    say("Make a symmetric key for encryption and decryption, grant it to us, and start a key rotation to it."),
  ],
  EXTERNAL_KEY_STORE_UNREACHABLE: (key) =>
    externalStore(key, "See whether the proxy of your external key store, its network and the external key manager answer."),
  EXTERNAL_KEY_DISABLED: (key) => externalStore(key, "Enable the external key behind this KMS key in your external key manager."),
  EXTERNAL_KEY_NOT_FOUND: (key) =>
    externalStore(key, "Restore the external key in your external key manager, or correct the configuration of its proxy."),
  EXTERNAL_KEY_DENIED: (key) =>
    externalStore(key, "Allow encryption and decryption with this key in your external key manager, and in its proxy."),
};

const WITHOUT_A_KEY: Partial<Record<ErrorCode, readonly CustomerStep[]>> = {
  KEYS_LOCKED: [
    say("Ask whoever locked the keys whether the reason is over."),
    say("An admin of the account then unlocks them: EKM settings, Unlock keys (unlockAccountKeys)."),
  ],
  KMS_THROTTLED: PASSES,
  KMS_UNREACHABLE: PASSES,
  KMS_INTERNAL: PASSES,
  VENDOR_AWS_FAULT: PASSES,
  STORAGE_UNAVAILABLE: PASSES,
  INTERNAL: PASSES,
  KMS_ANSWER_INVALID: [KEEP_KEYS],
  ACCOUNT_KEY_UNREADABLE: [KEEP_KEYS],
  SOURCE_UNAVAILABLE: [
    say("See whether the location of the backup source still exists, and whether the service may read it."),
    say("Then start the backup again."),
  ],
  RESTORE_TARGET_INVALID: [
    say("Start the restore again into a directory that does not exist yet or is empty, or allow it to overwrite."),
  ],
  STORAGE_FULL: [say("If a restore failed: make room at its target, then start it again.")],
  BACKUP_CORRUPT: [say("Restore another backup of the same source. Nothing of the damaged part was released.")],
};

/** What the customer has to do about a problem of this code, in this order. None: it passes by itself, or is ours. */
export function customerSteps(code: ErrorCode, keyArn?: string): readonly CustomerStep[] {
  const ofKey = OF_A_KEY[code];
  if (ofKey !== undefined && keyArn !== undefined) return ofKey(awsKey(keyArn));
  return WITHOUT_A_KEY[code] ?? [say(ERROR_CATALOG[code].remedy)];
}
