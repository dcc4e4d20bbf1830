import type { AccountRepository } from "@ekm/ekm";
import { openReadSource } from "./data-source.js";
import { toStoreError } from "./errors.js";
import { readGuard } from "./guard.js";
import { accountRepository } from "./repositories/accounts.js";

/** Half the time between two looks of a lock watch: one that is refused is made good by the next in time. */
const BUSY_TIMEOUT_MS = 125;

export interface EpochReader {
  /** As `AccountRepository.keyEpochs`. Throws StoreBusyError or StoreError. */
  readonly keyEpochs: AccountRepository["keyEpochs"];
  close(): Promise<void>;
}

/**
 * The lock watch's read-only connection of its own, on which no other read is ever in front of it. The database must exist
 * (`openStore` makes it). Throws StoreBusyError or StoreError.
 */
export async function openEpochReader({ sqlitePath }: { readonly sqlitePath: string }): Promise<EpochReader> {
  try {
    const source = await openReadSource(sqlitePath, BUSY_TIMEOUT_MS);
    const { keyEpochs } = accountRepository(source.manager);
    return {
      keyEpochs: (ids) => readGuard(() => keyEpochs(ids)),
      close: async () => {
        if (source.isInitialized) await source.destroy();
      },
    };
  } catch (error) {
    throw toStoreError(error);
  }
}
