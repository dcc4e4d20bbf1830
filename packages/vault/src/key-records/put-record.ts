import { ObjectExistsError, type ObjectStore, StorageError } from "../ports/object-store.js";
import { readRecord } from "./read-record.js";
import { encodeRecord, type KeyRecord, MAX_RECORD_BYTES, recordName } from "./record.js";

/** Throws RangeError for a record that is too long (a bug), StorageError otherwise. */
export async function putRecord(objects: ObjectStore, record: KeyRecord): Promise<void> {
  const name = recordName(record);
  const bytes = encodeRecord(record);
  if (bytes.length > MAX_RECORD_BYTES) throw new RangeError("a key record is at most 16 KiB long");
  if (await store(objects, name, bytes)) return;
  // The name holds a hash of the record: other bytes under it can only be a damaged copy of this record.
  await objects.delete(name);
  if (!(await store(objects, name, bytes))) {
    throw new StorageError("STORAGE_UNAVAILABLE", `the key record ${name} does not read back as it was written`);
  }
}

/** Whether the store gives back these bytes under this name, put there now or before. */
async function store(objects: ObjectStore, name: string, bytes: Buffer): Promise<boolean> {
  try {
    await objects.put(name, once(bytes));
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
  const stored = await readRecord(objects, name);
  return stored?.equals(bytes) ?? false;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
