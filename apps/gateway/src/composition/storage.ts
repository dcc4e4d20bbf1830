import { type Clock, type Ids, recordingStore, type Store } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";
import { createAllowedRoots, createFileObjectStore, createKeyRecords } from "@ekm/vault";
import type { Environment } from "../environment.js";

/** The database, the key records beside the backups, and the directories that tenants may name. */
export async function composeStorage({ store, roots }: Environment, clock: Clock, ids: Ids) {
  return {
    store: recordingStore(await openStore({ sqlitePath: store.databasePath, clock, ids }), clock),
    keyRecords: createKeyRecords(createFileObjectStore(store.objectsDirectory)),
    roots: createAllowedRoots({ roots: roots.allowed, restoreRoot: roots.restore }),
  };
}

/** One read: the file is there and its schema is ours. */
export const databaseAnswers = async (store: Store): Promise<boolean> => {
  await store.read.accounts.byId("acc_none");
  return true;
};
