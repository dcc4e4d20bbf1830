import { DIAGNOSIS_STATES, type DiagnosisState } from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

const MEANINGS: Readonly<Record<DiagnosisState, string>> = {
  KEY_PENDING_DELETION: "AWS deletes the customer's key at `deletionDate`; what it protects is lost then.",
  KEYS_LOCKED: "An admin of the account has locked its keys on our side.",
  KEY_UNUSABLE: "The customer's key refuses, or cannot open what it should: backups and restores fail.",
  ROTATION_FAILED: "The last key rotation could not open everything and made no switch; the former key goes on.",
  ROTATION_PAUSED: "A key rotation waits for the admin, or for a key that refuses.",
  KEY_DEGRADED: "The last use of the key failed for a passing reason, or for one on our side.",
  JOBS_FAILING: "The last backup of a source, or the last restore, failed for another reason than the key.",
  JOBS_TO_REPEAT: "The key works again; what failed meanwhile was not repeated.",
  BACKUPS_LEFT_BEHIND: "Some backups are under a former key, or under nothing that opens: an admin accepted that loss.",
  KEY_UNKNOWN: "The customer's key was not looked at lately.",
  ACTIVATION_LAPSED: "EKM was activated and not enabled in time.",
  ACTIVATION_UNUSED: "EKM is activated and not enabled yet.",
  NOT_ACTIVATED: "EKM is not activated; our own key protects the account.",
  WELL: "Nothing is known to be wrong.",
};

export const DiagnosisStateEnum = enumOf(
  "DiagnosisState",
  DIAGNOSIS_STATES,
  "What is the matter with an account, from the gravest to none.",
  MEANINGS,
);
