import type { Store } from "@ekm/ekm";
import { type createFileObjectStore, type DirectoryRoots, sweepStaging } from "@ekm/vault";
import type { Logger } from "pino";

interface Leftovers {
  readonly store: Store;
  readonly objects: ReturnType<typeof createFileObjectStore>;
  readonly roots: Pick<DirectoryRoots, "restoreRoots">;
  readonly log: Logger;
}

/**
 * What processes that died have left: temporary objects, and staging directories of restores that have ended. A restore that has
 * not ended wipes its own staging when it is run again; another worker may be running it now.
 */
export async function sweepLeftovers({ store, objects, roots, log }: Leftovers): Promise<void> {
  const isLive = async (restoreId: string): Promise<boolean> => {
    const status = (await store.read.restores.byId(restoreId))?.status;
    return status === "QUEUED" || status === "RUNNING";
  };
  try {
    let swept = await objects.sweep();
    for (const directory of await roots.restoreRoots()) swept += await sweepStaging(directory, isLive);
    if (swept > 0) log.info({ swept }, "leftovers of processes that died were removed");
  } catch (error) {
    // Leftovers cost space, not safety: the worker starts all the same.
    log.warn({ err: error }, "leftovers could not be removed");
  }
}
