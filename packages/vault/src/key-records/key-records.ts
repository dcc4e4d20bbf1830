import type { ObjectStore } from "../ports/object-store.js";
import { listRecords } from "./list-records.js";
import { putRecord } from "./put-record.js";
import { isNameOfGeneration, isNameOfKey, type KeyRecord, recordPrefix } from "./record.js";

/** The KeyRecords port of the domain, by structure. All methods throw StorageError when the store cannot be used. */
export interface StoredKeyRecords {
  /** Returns once the record was flushed, read back and found equal. An identical record that is there already is a success. */
  put(wrap: Omit<KeyRecord, "checkValue">, checkValue: string): Promise<void>;
  /** Removes the records of one account that are wrapped by `keyArn`; none is a success. */
  removeByKey(accountId: string, keyArn: string): Promise<void>;
  /** Removes the records of one generation that are wrapped by `keyArn`; none is a success. */
  remove(accountId: string, generation: number, keyArn: string): Promise<void>;
  /** Ascending by generation. A damaged record is a StorageError that names it: nothing is passed over in silence. */
  list(accountId: string): Promise<readonly KeyRecord[]>;
}

export function createKeyRecords(objects: ObjectStore): StoredKeyRecords {
  async function removeWhere(accountId: string, goes: (name: string) => boolean): Promise<void> {
    const names: string[] = [];
    for await (const name of objects.list(recordPrefix(accountId))) if (goes(name)) names.push(name);
    for (const name of names) await objects.delete(name);
  }

  return {
    put: ({ accountId, generation, keyArn, ciphertext }, checkValue) =>
      putRecord(objects, { accountId, generation, keyArn, checkValue, ciphertext }),
    removeByKey: (accountId, keyArn) => removeWhere(accountId, (name) => isNameOfKey(name, keyArn)),
    remove: (accountId, generation, keyArn) =>
      removeWhere(accountId, (name) => isNameOfKey(name, keyArn) && isNameOfGeneration(name, generation)),
    list: (accountId) => listRecords(objects, accountId),
  };
}
