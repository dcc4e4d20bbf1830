import path from "node:path";
import { ACCOUNT, parseRoot } from "./root-pattern.js";
import { isWithin } from "./within.js";

export interface RootSettings {
  readonly roots: readonly string[];
  readonly restoreRoot: string;
  /** The deployment serves one customer, or its accounts may read each other's directories. */
  readonly shared: boolean;
}

/** What keeps a deployment from starting, by the setting at fault; empty when all is well. Paths are absolute. */
export function checkRoots({ roots, restoreRoot, shared }: RootSettings): readonly {
  readonly setting: "roots" | "restoreRoot";
  readonly message: string;
}[] {
  if (![...roots, restoreRoot].every(isPattern)) {
    const setting = roots.every(isPattern) ? "restoreRoot" : "roots";
    return [{ setting, message: `may contain ${ACCOUNT} once, as one whole part of the path` }];
  }
  const problems: ReturnType<typeof checkRoots>[number][] = [];
  if (!shared && roots.some((root) => parseRoot(root).own.length === 0)) {
    const message = `must contain ${ACCOUNT} in each path, such as /srv/${ACCOUNT}, so that no account reaches another's directories; set EKM_SHARED_ROOTS=true if this installation serves one customer only`;
    problems.push({ setting: "roots", message });
  }
  if (!roots.some((root) => isWithin(path.resolve(root), path.resolve(restoreRoot)))) {
    problems.push({ setting: "restoreRoot", message: "must lie under one of EKM_ALLOWED_ROOTS" });
  }
  return problems;
}

function isPattern(root: string): boolean {
  try {
    parseRoot(root);
    return true;
  } catch {
    return false;
  }
}
