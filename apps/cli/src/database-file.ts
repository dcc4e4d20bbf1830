import { stat } from "node:fs/promises";
import { StoreError } from "@ekm/ekm";

/** Throws StoreError unless the file is there: SQLite would make one that is missing, or its directory. */
export async function mustBeDatabaseFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: Error) => {
    throw new StoreError(error.message);
  });
  if (!found.isFile()) throw new StoreError(`${file} is not a file`);
}
