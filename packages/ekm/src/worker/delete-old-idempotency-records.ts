import type { Ports } from "../ports/ports.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

/** A repeat that comes later than this is a new request. */
export const RECORDS_KEPT_MS = 7 * 24 * 3600 * 1000;
/** One transaction's share: others wait for it. */
const BATCH = 500;

export function deleteOldIdempotencyRecords({
  store,
  clock,
}: Pick<Ports, "store" | "clock">): WorkerUseCases["deleteOldIdempotencyRecords"] {
  return () => {
    const before = new Date(clock.now().getTime() - RECORDS_KEPT_MS);
    return store.transaction((tx) => tx.idempotency.deleteBefore(before, BATCH));
  };
}
