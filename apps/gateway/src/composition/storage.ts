import { type Clock, type Ids, recordingStore, type Store } from "@ekm/ekm";
import { openStore, openWhenFree } from "@ekm/persistence";
import { createFileObjectStore } from "@ekm/vault/file-store";
import { createKeyRecords } from "@ekm/vault/key-records";
import { createAllowedRoots } from "@ekm/vault/roots";
import type { Environment } from "../environment.js";

/**
 * The database, the key records beside the backups, and the directories that tenants may name. Throws StoreBusyError when
 * another process has held the database throughout its patience.
 */
export async function composeStorage(
  { store, roots }: Environment,
  clock: Clock,
  ids: Ids,
  onBusy: (waitedMs: number) => void = () => {},
) {
  const open = () => openStore({ sqlitePath: store.databasePath, clock, ids });
  return {
    store: recordingStore(await openWhenFree(open, { clock, patienceMs: store.patienceMs, onBusy }), clock),
    keyRecords: createKeyRecords(createFileObjectStore(store.objectsDirectory)),
    roots: createAllowedRoots({ roots: roots.allowed, restoreRoot: roots.restore }),
  };
}

/** One read: the file is there and its schema is ours. */
export const databaseAnswers = async (store: Store): Promise<boolean> => {
  await store.read.accounts.byId("acc_none");
  return true;
};

/** A transaction that takes longer to begin is held up. Shorter than whoever asks for readiness waits, often a second. */
const MOMENT_MS = 500;

/** One transaction that changes nothing, at most one at a time: it waits in the database's queue with the others. */
export function databaseTakesWrites(store: Store, clock: Clock): () => Promise<boolean> {
  let trial: Promise<boolean> | undefined;
  return () => {
    trial ??= store
      .transaction(async () => true)
      .catch(() => false)
      .finally(() => {
        trial = undefined;
      });
    return Promise.race([trial, clock.sleep(MOMENT_MS).then(() => false)]);
  };
}
