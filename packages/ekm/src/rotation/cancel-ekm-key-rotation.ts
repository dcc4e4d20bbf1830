import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import { StoreError } from "../ports/store.js";
import type { UseCases } from "../use-cases.js";
import { notChangeable, rotationForWrite } from "./rotation-for-write.js";
import { cancelled } from "./transitions.js";
import { undoRotation } from "./undo-rotation.js";
import { workNow } from "./work-now.js";

/**
 * Before the switch only: the wraps under the new key go and the account is ENABLED under its current key, in one
 * transaction. The job stays for a worker to take away the key records that were written beside the backups.
 */
export function cancelEkmKeyRotation(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["cancelEkmKeyRotation"] {
  const { store, clock } = ports;
  return idempotent(ports, "cancelEkmKeyRotation", rowEntity(store.read.rotations), (caller, { rotationId }, claim) =>
    store.transaction(async (tx) => {
      const found = await rotationForWrite(tx, caller, "cancelEkmKeyRotation", rotationId);
      if (!found.ok) return found;
      const rotation = found.value;
      const now = clock.now();
      const ended = cancelled(rotation, now);
      if (ended === null) return fail(notChangeable());
      if (!(await tx.rotations.save(ended, rotation.status))) throw new StoreError("the rotation changed in the transaction");
      await undoRotation(tx, rotation);
      await workNow(tx, ports, rotation);
      await tx.audit.append(rotation.accountId, now, {
        actor: caller.subject,
        action: "ROTATION_CANCELLED",
        outcome: "DONE",
        subject: rotation.id,
        detail: `The account stays under ${rotation.fromArn}.`,
        awsRequestIds: [],
      });
      await claim.complete(tx, ended);
      return ok(ended);
    }),
  );
}
