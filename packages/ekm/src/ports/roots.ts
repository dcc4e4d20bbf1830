import type { Outcome, Rejection } from "../errors/outcome.js";

/** Which directories of this machine a tenant may name. */
export interface AllowedRoots {
  /** The real path of an existing directory under an allowed root, symlinks resolved; SOURCE_UNAVAILABLE or INPUT_INVALID otherwise. */
  resolveSource(location: string): Promise<Outcome<string, Rejection>>;
  /**
   * The absolute path of a directory that may be made or replaced (its parent exists under an allowed root, no symlink on the
   * way); RESTORE_TARGET_INVALID otherwise, also when it exists, is not empty and `overwrite` is false.
   */
  resolveTarget(target: string, overwrite: boolean): Promise<Outcome<string, Rejection>>;
  /** The default target of a restore: a new directory named after it. */
  defaultTarget(restoreId: string): string;
}
