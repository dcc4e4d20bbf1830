import type { Ports } from "../ports/ports.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

/** A listener that comes back later than this reads the present state and begins anew. */
const EVENTS_KEPT_MS = 7 * 24 * 3600 * 1000;
/** One transaction's share: others wait for it. */
const BATCH = 500;

export function deleteOldEvents({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["deleteOldEvents"] {
  return () => {
    const before = new Date(clock.now().getTime() - EVENTS_KEPT_MS);
    return store.transaction((tx) => tx.events.deleteBefore(before, BATCH));
  };
}
