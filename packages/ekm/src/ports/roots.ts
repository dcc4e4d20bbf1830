import type { Outcome, Rejection } from "../errors/outcome.js";

/**
 * Which directories of this machine an account may name. What is not this account's is answered alike whether it is there or
 * not. An answer holds for the moment: a job asks again when it runs.
 */
export interface AllowedRoots {
  /** The real path of an existing directory under a root of the account, symlinks resolved; SOURCE_UNAVAILABLE or INPUT_INVALID otherwise. */
  resolveSource(accountId: string, location: string): Promise<Outcome<string, Rejection>>;
  /**
   * The absolute path of a directory that may be made or replaced (its parent exists under a root of the account, no symlink on
   * the way); RESTORE_TARGET_INVALID otherwise, also when it exists, is not empty and `overwrite` is false.
   */
  resolveTarget(accountId: string, target: string, overwrite: boolean): Promise<Outcome<string, Rejection>>;
  /** The default target of a restore of this account: a new directory named after the restore. */
  defaultTarget(accountId: string, restoreId: string): string;
}
