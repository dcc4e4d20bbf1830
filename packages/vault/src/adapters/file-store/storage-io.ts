import { StorageError } from "../../ports/object-store.js";
import { errnoOf, isFull } from "../errno.js";

/** What the port says of a failed file operation: full, or unavailable. Anything but a system error is a bug and stays as it is. */
export function asStorageError(error: unknown, doing: string): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  if (isFull(errno)) return new StorageError("STORAGE_FULL", `the object store is full (${errno}, ${doing})`, { cause: error });
  return new StorageError("STORAGE_UNAVAILABLE", `the object store cannot be used (${errno}, ${doing})`, { cause: error });
}

/** Awaits one file operation of the store. */
export async function storageIo<T>(doing: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw asStorageError(error, doing);
  }
}
