import type { VaultFault } from "../api.js";
import type { JobStop } from "../ports/job-control.js";

/** Carries a fault through a stream up to the verb that answers it as a value. Never leaves the package. */
export class VaultError extends Error {
  override name = "VaultError";
  constructor(
    readonly code: VaultFault["code"],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Carries a job's stop through a stream. Never leaves the package. */
export class StopError extends Error {
  override name = "StopError";
  constructor(readonly stop: JobStop) {
    super(`the job was stopped: ${stop}`);
  }
}

export const corrupt = (message: string): VaultError => new VaultError("BACKUP_CORRUPT", message);
