import { errnoOf } from "../../adapters/errno.js";
import { VaultError } from "../../faults/vault-error.js";

export const sourceUnavailable = (message: string, cause?: unknown): VaultError =>
  new VaultError("SOURCE_UNAVAILABLE", message, cause === undefined ? undefined : { cause });

/** Awaits one file operation on the source; a system error becomes SOURCE_UNAVAILABLE and names the path within the source. */
export async function sourceIo<T>(relative: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    const what = relative === "" ? "the source directory" : JSON.stringify(relative);
    throw sourceUnavailable(`${what} cannot be read (${errno})`, error);
  }
}
