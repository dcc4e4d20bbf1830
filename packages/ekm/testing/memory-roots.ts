import path from "node:path";
import { fail, ok } from "../src/errors/outcome.js";
import type { AllowedRoots } from "../src/ports/roots.js";

/**
 * The AllowedRoots port without a file system: every path under `/data` exists, every path under `/restores` is free. A
 * directory there that is named like an account (`/data/acc_...`) is that account's alone.
 */
export function createMemoryRoots(): AllowedRoots {
  const under = (root: string, accountId: string, location: string) => {
    const normal = path.posix.normalize(location);
    if (!normal.startsWith(`${root}/`)) return false;
    const [first = ""] = normal.slice(root.length + 1).split("/");
    return !first.startsWith("acc_") || first === accountId;
  };
  return {
    async resolveSource(accountId, location) {
      return under("/data", accountId, location)
        ? ok(path.posix.normalize(location))
        : fail({ code: "INPUT_INVALID", message: "The location is not under an allowed directory." });
    },
    async resolveTarget(accountId, target) {
      return under("/restores", accountId, target)
        ? ok(path.posix.normalize(target))
        : fail({ code: "RESTORE_TARGET_INVALID", message: "The target is not under an allowed directory." });
    },
    defaultTarget: (accountId, restoreId) => `/restores/${accountId}/${restoreId}`,
  };
}
