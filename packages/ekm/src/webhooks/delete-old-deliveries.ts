import type { Ports } from "../ports/ports.js";
import type { WorkerUseCases } from "../worker/worker-use-cases.js";

const DELIVERIES_KEPT_MS = 30 * 24 * 3600 * 1000;
/** One transaction's share: others wait for it. */
const BATCH = 500;

export function deleteOldDeliveries({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["deleteOldDeliveries"] {
  return () => {
    const before = new Date(clock.now().getTime() - DELIVERIES_KEPT_MS);
    return store.transaction((tx) => tx.webhookDeliveries.deleteBefore(before, BATCH));
  };
}
