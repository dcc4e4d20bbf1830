import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { rowEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import { StoreError } from "../ports/store.js";
import type { UseCases } from "../use-cases.js";
import { isActive } from "./rotation.js";
import { notChangeable, rotationForWrite } from "./rotation-for-write.js";
import { resumed } from "./transitions.js";
import { workNow } from "./work-now.js";

/** Goes on at once. If a key still refuses, the rotation pauses by itself again. */
export function resumeEkmKeyRotation(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["resumeEkmKeyRotation"] {
  const { store, clock } = ports;
  return idempotent(ports, "resumeEkmKeyRotation", rowEntity(store.read.rotations), (caller, { rotationId }, claim) =>
    store.transaction(async (tx) => {
      const found = await rotationForWrite(tx, caller, "resumeEkmKeyRotation", rotationId);
      if (!found.ok) return found;
      const rotation = found.value;
      if (!isActive(rotation)) return fail(notChangeable());
      const running = resumed(rotation);
      if (running === null) {
        await claim.complete(tx, rotation);
        return ok(rotation);
      }
      if ((await tx.accounts.byId(rotation.accountId))?.keyLock) return fail([rejection("KEYS_LOCKED")]);
      const now = clock.now();
      if (!(await tx.rotations.save(running, rotation.status))) throw new StoreError("the rotation changed in the transaction");
      await workNow(tx, ports, rotation);
      await tx.audit.append(rotation.accountId, now, {
        actor: caller.subject,
        action: "ROTATION_RESUMED",
        outcome: "DONE",
        subject: rotation.id,
        detail: `Resumed at ${rotation.rewrapped} of ${rotation.total} generation(s).`,
        awsRequestIds: [],
      });
      await claim.complete(tx, running);
      return ok(running);
    }),
  );
}
