import type { KeyRecord, KeyRecords } from "../src/ports/key-records.js";

export interface MemoryKeyRecords extends KeyRecords {
  /** The next call rejects with this error (a store that cannot be used). */
  failNext(error: Error): void;
}

/** The KeyRecords port in memory: one record per account and wrap. */
export function createMemoryKeyRecords(): MemoryKeyRecords {
  const records = new Map<string, KeyRecord>();
  let failure: Error | null = null;
  const meetFailure = () => {
    const error = failure;
    failure = null;
    if (error) throw error;
  };
  const nameOf = ({ accountId, generation, keyArn, checkValue, ciphertext }: KeyRecord): string =>
    `${accountId}/${generation}/${keyArn}/${checkValue}/${Buffer.from(ciphertext).toString("hex")}`;
  return {
    async put({ accountId, generation, keyArn, ciphertext }, checkValue) {
      meetFailure();
      const record = { accountId, generation, keyArn, checkValue, ciphertext };
      records.set(nameOf(record), record);
    },
    async removeByKey(accountId, keyArn) {
      meetFailure();
      for (const [name, record] of records) {
        if (record.accountId === accountId && record.keyArn === keyArn) records.delete(name);
      }
    },
    async remove(record) {
      meetFailure();
      records.delete(nameOf(record));
    },
    async list(accountId) {
      meetFailure();
      return [...records.values()].filter((record) => record.accountId === accountId);
    },
    failNext(error) {
      failure = error;
    },
  };
}
