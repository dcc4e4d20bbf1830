import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import { StoreError } from "../ports/store.js";
import type { UseCases } from "../use-cases.js";
import { notChangeable, rotationForWrite } from "./rotation-for-write.js";
import { pausedByAdmin } from "./transitions.js";

/**
 * Until resumed, no further generation is moved. Before the switch only (ROTATION_NOT_CANCELLABLE afterwards). One that had
 * paused by itself waits for the admin from now on. Its job stays in the queue: the worker looks at it now and then.
 */
export function pauseEkmKeyRotation(ports: Pick<Ports, "store" | "clock">): UseCases["pauseEkmKeyRotation"] {
  const { store, clock } = ports;
  return idempotent(ports, "pauseEkmKeyRotation", rowEntity(store.read.rotations), (caller, { rotationId }, claim) =>
    store.transaction(async (tx) => {
      const found = await rotationForWrite(tx, caller, "pauseEkmKeyRotation", rotationId);
      if (!found.ok) return found;
      const rotation = found.value;
      if (rotation.pausedBy === "ADMIN") {
        await claim.complete(tx, rotation);
        return ok(rotation);
      }
      const now = clock.now();
      const paused = pausedByAdmin(rotation, now);
      if (paused === null) return fail(notChangeable());
      if (!(await tx.rotations.save(paused, rotation.status))) throw new StoreError("the rotation changed in the transaction");
      await tx.audit.append(rotation.accountId, now, {
        actor: caller.subject,
        action: "ROTATION_PAUSED",
        outcome: "DONE",
        subject: rotation.id,
        detail: `Paused at ${rotation.rewrapped} of ${rotation.total} generation(s).`,
        awsRequestIds: [],
      });
      await claim.complete(tx, paused);
      return ok(paused);
    }),
  );
}
