import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { KeyRotation } from "./rotation.js";

/**
 * Has the rotation's job claimed at once, however long it was to wait. While a rotation is not through it has exactly one job;
 * a worker that holds it sees the change at its next write.
 */
export async function workNow(
  tx: Repositories,
  { clock, ids }: Pick<Ports, "clock" | "ids">,
  { id, accountId }: KeyRotation,
): Promise<void> {
  if (!(await tx.jobs.removeFree("ROTATION", id))) return;
  await tx.jobs.enqueue({ id: ids.next("job"), kind: "ROTATION", accountId, subjectId: id, at: clock.now() });
}
