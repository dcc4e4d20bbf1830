import { KEY_CHECKS } from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

export const KeyHealthStateEnum = enumOf(
  "KeyHealthState",
  ["HEALTHY", "DEGRADED", "UNUSABLE", "LOCKED", "UNKNOWN"],
  "DEGRADED: transient failures, served until the lease ends. UNUSABLE: backup and restore fail. UNKNOWN: not probed lately.",
  {
    HEALTHY: "The last use of the key succeeded.",
    DEGRADED: "The last use failed for a passing reason, or one on our side: data is served until the lease ends.",
    UNUSABLE: "AWS refused the key, or the key did not open what it should: backup and restore fail.",
    LOCKED: "An admin has locked the account's keys on our side; the key itself is not asked.",
    UNKNOWN: "Not looked at for three health intervals, and at least five minutes.",
  },
);

export const VerdictEnum = enumOf("Verdict", ["PASS", "WARN", "FAIL", "SKIPPED"], "What one check of a key came to.", {
  PASS: "As it should be.",
  WARN: "The key can be used; read `message` and `remedy` all the same.",
  FAIL: "The key cannot be used until this is put right.",
  SKIPPED: "Not run, since a check that it depends on failed.",
});

export const KeyCheckNameEnum = enumOf(
  "KeyCheckName",
  KEY_CHECKS,
  "In the order in which they run; what depends on a check that failed is SKIPPED, so that a stranger's key reveals nothing.",
  {
    ARN_FORM: "The identifier is the ARN of an AWS KMS key.",
    REGION: "The key lives in a Region that the service supports.",
    GENERATE_DATA_KEY: "GenerateDataKey succeeds with this account's encryption context.",
    DECRYPT: "What was just generated can be decrypted.",
    ENCRYPT: "Encrypt succeeds with this account's encryption context.",
    DESCRIBE: "DescribeKey answers, and describes the key that was named.",
    KEY_STATE: "The key is enabled.",
    KEY_TYPE: "The key is a customer managed, symmetric one for encryption and decryption.",
    MULTI_REGION: "WARN for a multi-Region key: a replica may stay usable when this one is disabled.",
    REENCRYPT: "ReEncrypt succeeds. WARN otherwise: a rotation decrypts and encrypts instead.",
    FOREIGN_CONTEXT_REFUSED: "The key policy refuses another account's encryption context. WARN otherwise.",
    EMPTY_CONTEXT_REFUSED: "The key policy refuses a request without encryption context. WARN otherwise.",
    KEY_NOT_TAKEN: "No other account uses the key, or its policy binds it to this account.",
  },
);
