import type { KeyGeneration, KeyWrap } from "../keys/generation.js";
import type { KeyRecord } from "../ports/key-records.js";
import type { KeyringPorts } from "./keyring-ports.js";

type RecordPorts = Pick<KeyringPorts, "store" | "keyRecords">;

/**
 * Sees to it that a generation's current wrap also lies beside the backups before anything is sealed under it. The record is
 * always made from the committed row, so that two processes write the same one. Throws what KeyRecords throws.
 */
export async function ensureKeyRecord(ports: RecordPorts, { accountId, generation, checkValue }: KeyGeneration): Promise<void> {
  for (;;) {
    const wrap = await ports.store.read.keys.currentWrap(accountId, generation);
    if (wrap === null) return;
    const records = await ports.keyRecords.list(accountId);
    if (records.some((record) => isRecordOf(record, wrap, checkValue))) return;
    if (await putRecordOf(ports, wrap, checkValue)) return;
  }
}

/** Writes the record of a current wrap. False: the wrap was replaced meanwhile; if it is gone, so is its record. */
export async function putRecordOf({ store, keyRecords }: RecordPorts, wrap: KeyWrap, checkValue: string): Promise<boolean> {
  const { accountId, generation, keyArn, ciphertext, id } = wrap;
  await keyRecords.put(wrap, checkValue);
  if ((await store.read.keys.currentWrap(accountId, generation))?.id === id) return true;
  const isThere = (await store.read.keys.wraps(accountId)).some((one) => one.id === id);
  if (!isThere) await keyRecords.remove({ accountId, generation, keyArn, checkValue, ciphertext });
  return false;
}

export const isRecordOf = (record: KeyRecord, wrap: KeyWrap, checkValue: string): boolean =>
  record.generation === wrap.generation &&
  record.keyArn === wrap.keyArn &&
  record.checkValue === checkValue &&
  Buffer.compare(record.ciphertext, wrap.ciphertext) === 0;
