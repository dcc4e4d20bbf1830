import type { KeyRecord, KeyRecords } from "../src/ports/key-records.js";

export interface MemoryKeyRecords extends KeyRecords {
  /** The next call rejects with this error (a store that cannot be used). */
  failNext(error: Error): void;
}

/** The KeyRecords port in memory: one record per account, generation and key. */
export function createMemoryKeyRecords(): MemoryKeyRecords {
  const records = new Map<string, KeyRecord>();
  let failure: Error | null = null;
  const meetFailure = () => {
    const error = failure;
    failure = null;
    if (error) throw error;
  };
  return {
    async put(wrap, checkValue) {
      meetFailure();
      const { accountId, generation, keyArn, ciphertext } = wrap;
      records.set(`${accountId}/${generation}/${keyArn}`, { accountId, generation, keyArn, checkValue, ciphertext });
    },
    async removeByKey(accountId, keyArn) {
      meetFailure();
      for (const [name, record] of records) {
        if (record.accountId === accountId && record.keyArn === keyArn) records.delete(name);
      }
    },
    async remove(accountId, generation, keyArn) {
      meetFailure();
      records.delete(`${accountId}/${generation}/${keyArn}`);
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
