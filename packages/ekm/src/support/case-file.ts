import type { Account } from "../accounts/account.js";
import type { KeyHealth } from "../health/health.js";
import type { Backup, Restore } from "../jobs/job.js";
import type { KeyWrap } from "../keys/generation.js";
import type { Settings } from "../ports/ports.js";
import type { GenerationFailure, KeyRotation } from "../rotation/rotation.js";

/** All that a diagnosis is made of, as it is at `now`. */
export interface CaseFile {
  readonly now: Date;
  readonly settings: Pick<Settings, "healthIntervalSeconds">;
  /** Effective: a lapsed activation has lapsed. */
  readonly account: Account;
  /** Null in Cloud Key Management, and before the first probe. */
  readonly health: KeyHealth | null;
  /** The newest, whatever became of it, and what it could not open. */
  readonly rotation: KeyRotation | null;
  readonly generationFailures: readonly GenerationFailure[];
  /** Newest first, at most {@link MAX_JOBS}. */
  readonly backups: readonly Backup[];
  readonly restores: readonly Restore[];
  /** Those that failed, newest first, at most {@link MAX_JOBS}. */
  readonly failedBackups: readonly Backup[];
  readonly failedRestores: readonly Restore[];
  readonly wraps: readonly Pick<KeyWrap, "generation" | "keyArn" | "state">[];
  /** Succeeded backups by generation. */
  readonly backupsByGeneration: ReadonlyMap<number, bigint>;
}

export const MAX_JOBS = 100;

/** What is older is no longer news. */
const NEWS_MS = 30 * 24 * 3600 * 1000;

export const isNews = ({ now }: Pick<CaseFile, "now">, at: Date): boolean => now.getTime() - at.getTime() <= NEWS_MS;
