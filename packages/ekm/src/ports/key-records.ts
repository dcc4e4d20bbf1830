import type { KeyWrap } from "../keys/generation.js";

/**
 * Every current wrap, written a second time beside the backups, so that restoring an old copy of our own database cannot
 * lose it. `put` returns only after the record was flushed and read back. Removing also removes all versions; removing what is
 * not there is a success. Throws StorageError when the store cannot be used.
 */
export interface KeyRecords {
  put(wrap: KeyWrap, checkValue: string): Promise<void>;
  /** Removes the records of one account that are wrapped by `keyArn`. */
  removeByKey(accountId: string, keyArn: string): Promise<void>;
  /**
   * Removes exactly this record. Another wrap of the same generation under the same key has another ciphertext and so another
   * record, which stays: whoever lists, decides and removes late, removes nothing that was written after it had listed.
   */
  remove(record: KeyRecord): Promise<void>;
  list(accountId: string): Promise<readonly KeyRecord[]>;
}

export interface KeyRecord {
  readonly accountId: string;
  readonly generation: number;
  readonly keyArn: string;
  readonly checkValue: string;
  readonly ciphertext: Uint8Array;
}

/** What a `KeyRecords` throws, known by its name: its class belongs to the adapter. */
export const isStorageFault = (error: unknown): boolean => error instanceof Error && error.name === "StorageError";
