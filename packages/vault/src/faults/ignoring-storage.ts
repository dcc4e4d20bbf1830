import { StorageError } from "../ports/object-store.js";

/** For clean-up that is best effort: the store's failure is dropped, a bug is not. */
export async function ignoringStorage(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}
