import { type Account, type KeyManagement, keyManagementOf } from "../accounts/account.js";
import type { KeyHealth } from "../health/health.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Backup } from "../jobs/job.js";
import { protectingKeyArn } from "../keyring/protecting-key.js";
import type { KeyWrap } from "../keys/generation.js";

/** What protects a backup now, and whether a restore that is asked for now has, as far as is known, what it needs. */
export interface BackupProtection {
  readonly protectedBy: KeyManagement;
  /** The customer's key; absent in Cloud Key Management. */
  readonly keyArn?: string;
  readonly restorable: boolean;
}

/** Answers for every backup of one account, from what was read once. */
export type BackupProtections = (backup: Backup) => BackupProtection;

interface Known {
  readonly account: Account;
  readonly wraps: readonly KeyWrap[];
  /** Of the account's key now; null in Cloud Key Management. */
  readonly health: KeyHealth | null;
}

/**
 * By the CURRENT wrap of the backup's generation. One that has not begun is protected as the account is. A backup that a
 * rotation left under a former key is not known to be restorable: only a restore, or a rotation, asks that key.
 */
export function backupProtections({ account, wraps, health }: Known): BackupProtections {
  const keys = new Map(wraps.filter(({ state }) => state === "CURRENT").map(({ generation, keyArn }) => [generation, keyArn]));
  const customerArn = customerKeyOf(account)?.arn;
  const current = protectingKeyArn(account);
  const refused = health !== null && health.keyArn === current && (health.state === "UNUSABLE" || health.state === "LOCKED");
  const usable = account.keyLock === undefined && !refused;
  return ({ status, manifest, generation }) => {
    const arn = generation === undefined ? undefined : keys.get(generation);
    const restorable = status === "SUCCEEDED" && manifest !== undefined && arn !== undefined && arn === current && usable;
    const keyArn = arn ?? customerArn;
    if (keyArn === undefined || keyArn === account.vendorKey?.arn) {
      return { protectedBy: arn === undefined ? keyManagementOf(account) : "CLOUD", restorable };
    }
    return { protectedBy: "ENTERPRISE", keyArn, restorable };
  };
}
