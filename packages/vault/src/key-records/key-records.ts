import type { ObjectStore } from "../ports/object-store.js";
import { listRecords } from "./list-records.js";
import { putRecord } from "./put-record.js";
import { isNameOfKey, type KeyRecord, recordName, recordPrefix } from "./record.js";

/** The KeyRecords port of the domain, by structure. All methods throw StorageError when the store cannot be used. */
export interface StoredKeyRecords {
  /** Returns once the record was flushed, read back and found equal. An identical record that is there already is a success. */
  put(wrap: Omit<KeyRecord, "checkValue">, checkValue: string): Promise<void>;
  /** Removes the records of one account that are wrapped by `keyArn`; none is a success. */
  removeByKey(accountId: string, keyArn: string): Promise<void>;
  /** Removes exactly this record, by a name that no other wrap can have; none is a success. */
  remove(record: KeyRecord): Promise<void>;
  /** Ascending by generation. A damaged record is a StorageError that names it: nothing is passed over in silence. */
  list(accountId: string): Promise<readonly KeyRecord[]>;
}

export function createKeyRecords(objects: ObjectStore): StoredKeyRecords {
  return {
    put: ({ accountId, generation, keyArn, ciphertext }, checkValue) =>
      putRecord(objects, { accountId, generation, keyArn, checkValue, ciphertext }),
    async removeByKey(accountId, keyArn) {
      const names: string[] = [];
      for await (const name of objects.list(recordPrefix(accountId))) if (isNameOfKey(name, keyArn)) names.push(name);
      for (const name of names) await objects.delete(name);
    },
    remove: (record) => objects.delete(recordName(record)),
    list: (accountId) => listRecords(objects, accountId),
  };
}
