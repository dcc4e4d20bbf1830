import { realpathSync } from "node:fs";
import path from "node:path";
import { resolveSource } from "./resolve-source.js";
import { resolveTarget } from "./resolve-target.js";
import { everyAccountRoot, makeAccountRoot, parseRoot, pathOfRoot } from "./root-pattern.js";
import { isWithin, rootsOf } from "./within.js";

/** A path that was refused. The codes are those of the domain's Rejection. */
export interface RootsRejection {
  readonly code: "INPUT_INVALID" | "SOURCE_UNAVAILABLE" | "RESTORE_TARGET_INVALID";
  readonly message: string;
}
export type RootsOutcome = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: RootsRejection };

/** The AllowedRoots port of the domain, by structure. */
export interface DirectoryRoots {
  resolveSource(accountId: string, location: string): Promise<RootsOutcome>;
  resolveTarget(accountId: string, target: string, overwrite: boolean): Promise<RootsOutcome>;
  defaultTarget(accountId: string, restoreId: string): string;
  /** The directories of all accounts' default targets that are there now. */
  restoreRoots(): Promise<readonly string[]>;
}

/**
 * `roots`: absolute directories below which accounts may name directories; a root itself they may not. One with `{account}` in
 * its path, which stands for the account's id, is that account's alone; one without is shared by all. `restoreRoot` is one of
 * them or lies below one; an account's own part of it is made when a restore needs it. What is outside is refused before the file
 * system is asked, so that nothing about it is revealed. An answer holds for the moment it was given: backup and restore check
 * symbolic links again where they open files.
 */
export function createAllowedRoots({ roots, restoreRoot }: { roots: readonly string[]; restoreRoot: string }): DirectoryRoots {
  const allowed = roots.map(parseRoot);
  const restores = parseRoot(restoreRoot);
  const restoreRootOf = (accountId: string) => pathOfRoot({ ...restores, base: realOrAsGiven(restores.base) }, accountId);
  return {
    async resolveSource(accountId, location) {
      return resolveSource(await rootsOf(allowed, accountId), withoutTrailingSlash(location));
    },
    async resolveTarget(accountId, target, overwrite) {
      const own = [pathOfRoot(restores, accountId), restoreRootOf(accountId)];
      if (own.some((root) => isWithin(root, target))) await makeAccountRoot(restores, accountId);
      return resolveTarget(await rootsOf(allowed, accountId), withoutTrailingSlash(target), overwrite);
    },
    defaultTarget: (accountId, restoreId) => path.join(restoreRootOf(accountId), restoreId),
    restoreRoots: () => everyAccountRoot(restores),
  };
}

const withoutTrailingSlash = (location: string): string => location.replace(/(?<=[^/])\/$/, "");

function realOrAsGiven(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return path.resolve(directory); // not there yet: resolveTarget will say so
  }
}
