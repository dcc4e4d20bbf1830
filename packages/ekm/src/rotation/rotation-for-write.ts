import { permit, type Refusal, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import type { Repositories } from "../ports/store.js";
import type { KeyRotation } from "./rotation.js";

type Change = "pauseEkmKeyRotation" | "resumeEkmKeyRotation" | "cancelEkmKeyRotation";

/** The rotation that the caller may change; an unknown one and another tenant's both answer ROTATION_NOT_FOUND. */
export async function rotationForWrite(
  tx: Repositories,
  caller: Caller,
  change: Change,
  rotationId: string,
): Promise<Outcome<KeyRotation, Refusal>> {
  const permitted = permit(caller, change);
  if (!permitted.ok) return permitted;
  const rotation = await tx.rotations.byId(rotationId);
  if (!rotation || !reaches(caller, change, rotation.accountId)) {
    return fail([rejection("ROTATION_NOT_FOUND", undefined, ["input", "rotationId"])]);
  }
  return ok(rotation);
}

/** After the switch, or after its end, a rotation is no longer anybody's to change. */
export const notChangeable = (): readonly Rejection[] => [
  rejection("ROTATION_NOT_CANCELLABLE", undefined, ["input", "rotationId"]),
];
