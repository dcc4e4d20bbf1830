import { GateClosedError, MessageError } from "@ekm/crypto-core";
import type { VaultOutcome } from "../api.js";
import { ObjectExistsError, StorageError } from "../ports/object-store.js";
import { StopError, VaultError } from "./vault-error.js";

/** The one place where errors that are expected outcomes become values. Rethrows everything else: a bug. */
export function outcomeOfError<F>(error: unknown): Exclude<VaultOutcome<never, F>, { kind: "done" }> {
  if (error instanceof StopError) return { kind: "stopped", stop: error.stop };
  // The gate belongs to a KeyAccess<F>, whose contract types its reasons.
  if (error instanceof GateClosedError) return { kind: "key", failure: error.reason as F };
  if (error instanceof VaultError || error instanceof StorageError) {
    return { kind: "fault", fault: { code: error.code, message: error.message } };
  }
  if (error instanceof MessageError) {
    return { kind: "fault", fault: { code: "BACKUP_CORRUPT", message: `a stored object cannot be read: ${error.fault}` } };
  }
  if (error instanceof ObjectExistsError) {
    return {
      kind: "fault",
      fault: { code: "STORAGE_UNAVAILABLE", message: "an object of this attempt is already in the store" },
    };
  }
  throw error;
}
