import { realpathSync } from "node:fs";
import path from "node:path";
import { resolveSource } from "./resolve-source.js";
import { resolveTarget } from "./resolve-target.js";

/** A path that was refused. The codes are those of the domain's Rejection. */
export interface RootsRejection {
  readonly code: "INPUT_INVALID" | "SOURCE_UNAVAILABLE" | "RESTORE_TARGET_INVALID";
  readonly message: string;
}
export type RootsOutcome = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: RootsRejection };

/** The AllowedRoots port of the domain, by structure. */
export interface DirectoryRoots {
  resolveSource(location: string): Promise<RootsOutcome>;
  resolveTarget(target: string, overwrite: boolean): Promise<RootsOutcome>;
  defaultTarget(restoreId: string): string;
}

/**
 * `roots`: absolute directories below which tenants may name directories; a root itself they may not. `restoreRoot` must be
 * one of them or lie below one. What is outside is refused before the file system is asked, so that nothing about it is
 * revealed. An answer holds for the moment it was given: backup and restore check symbolic links again where they open files.
 */
export function createAllowedRoots({ roots, restoreRoot }: { roots: readonly string[]; restoreRoot: string }): DirectoryRoots {
  const allowed = roots.map((root) => path.resolve(root));
  return {
    resolveSource: (location) => resolveSource(allowed, withoutTrailingSlash(location)),
    resolveTarget: (target, overwrite) => resolveTarget(allowed, withoutTrailingSlash(target), overwrite),
    defaultTarget: (restoreId) => path.join(realOrAsGiven(restoreRoot), restoreId),
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
