import { StoreBusyError, StoreError } from "@ekm/ekm";
import { QueryFailedError, TypeORMError } from "typeorm";

/**
 * The port's error for anything that the driver or TypeORM says; anything else (a bug, a refusal of the work's own) is left
 * as it is. Carries the driver's sentence, never the statement's parameters.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof QueryFailedError) return fromDriver(error.driverError);
  if (error instanceof TypeORMError) return new StoreError(error.message);
  if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_")) return fromDriver(error);
  return error;
}

function fromDriver(error: Error & { code?: unknown }): StoreError {
  return error.code === "SQLITE_BUSY" ? new StoreBusyError(error.message) : new StoreError(error.message);
}
