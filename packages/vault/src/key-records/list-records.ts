import { type ObjectStore, StorageError } from "../ports/object-store.js";
import { readRecord } from "./read-record.js";
import { decodeRecord, type KeyRecord, recordName, recordPrefix } from "./record.js";

export async function listRecords(objects: ObjectStore, accountId: string): Promise<readonly KeyRecord[]> {
  const records: KeyRecord[] = [];
  for await (const name of objects.list(recordPrefix(accountId))) {
    const bytes = await readRecord(objects, name);
    if (bytes === null) continue; // removed since it was listed
    const record = decodeRecord(bytes);
    if (record === null || recordName(record) !== name) {
      throw new StorageError("STORAGE_UNAVAILABLE", `the key record ${name} is damaged`);
    }
    records.push(record);
  }
  return records.sort((a, b) => a.generation - b.generation);
}
