import path from "node:path";
import { fail, ok } from "../src/errors/outcome.js";
import type { AllowedRoots } from "../src/ports/roots.js";

/** The AllowedRoots port without a file system: every path under `/data` exists, every path under `/restores` is free. */
export function createMemoryRoots(): AllowedRoots {
  const under = (root: string, location: string) => path.posix.normalize(location).startsWith(`${root}/`);
  return {
    async resolveSource(location) {
      return under("/data", location)
        ? ok(path.posix.normalize(location))
        : fail({ code: "INPUT_INVALID", message: "The location is not under an allowed directory." });
    },
    async resolveTarget(target) {
      return under("/restores", target)
        ? ok(path.posix.normalize(target))
        : fail({ code: "RESTORE_TARGET_INVALID", message: "The target is not under an allowed directory." });
    },
    defaultTarget: (restoreId) => `/restores/${restoreId}`,
  };
}
