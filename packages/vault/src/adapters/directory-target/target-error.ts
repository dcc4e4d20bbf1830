import { VaultError } from "../../faults/vault-error.js";
import { errnoOf, isFull } from "../errno.js";

/** Errors that say something of the target itself, and not of the disk below it. */
const TARGETS_FAULT = new Set([
  ...["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY"],
  ...["ENAMETOOLONG", "ELOOP", "EBUSY", "EXDEV", "EINVAL"],
]);

export const targetInvalid = (message: string): VaultError => new VaultError("RESTORE_TARGET_INVALID", message);

/** Awaits one file operation at the target: RESTORE_TARGET_INVALID, STORAGE_FULL or STORAGE_UNAVAILABLE by the system's error. */
export async function targetIo<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    if (isFull(errno)) throw new VaultError("STORAGE_FULL", `the restore target's disk is full (${errno})`, { cause: error });
    const code = TARGETS_FAULT.has(errno) ? "RESTORE_TARGET_INVALID" : "STORAGE_UNAVAILABLE";
    throw new VaultError(code, `the restore target cannot be written (${errno})`, { cause: error });
  }
}
